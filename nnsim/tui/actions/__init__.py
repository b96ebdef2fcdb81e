"""The actions of each place: what they are called, what they do, which keys they have."""
