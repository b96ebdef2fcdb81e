"""The worker: commands, frames, the session."""
