"""Actions that can be reached everywhere, and those of gallery, help and questions."""

from __future__ import annotations

from nnsim.tui.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    # Everywhere. What is written first stays longest in a narrow footer.
    Action("app.help", "f1", "Help", "Every key of this screen, with a sentence.", "Other", True),
    Action(
        "app.palette",
        "ctrl+p",
        "All commands",
        "Search everything that can be done here, the themes and the scenarios.",
        "Other",
        True,
        "all",
    ),
    Action(
        "app.screenshot",
        "ctrl+s",
        "Save the screen as SVG",
        "Write a picture of the screen into the present folder.",
        "Other",
    ),
    Action("app.quit", "ctrl+q,ctrl+c", "Quit", "Leave nnsim at once.", "Other"),
    # The gallery.
    Action(
        "gallery.open",
        "enter",
        "Open the scenario",
        "Open the chosen scenario in the lab.",
        "Scenarios",
        True,
        "open",
    ),
    Action(
        "gallery.search",
        "slash",
        "Search",
        "Show only scenarios whose title, name, topic or summary has these words.",
        "Scenarios",
        True,
    ),
    Action(
        "gallery.clear",
        "escape",
        "End the search",
        "Show all scenarios again; the chosen one stays chosen.",
        "Scenarios",
    ),
    Action("gallery.up", "up,k", "One up", "Choose the scenario above.", "Scenarios"),
    Action("gallery.down", "down,j", "One down", "Choose the scenario below.", "Scenarios"),
    Action(
        "gallery.previous_topic",
        "pageup,left_square_bracket",
        "Topic before",
        "Choose the first scenario of this topic, or of the one before it.",
        "Scenarios",
    ),
    Action(
        "gallery.next_topic",
        "pagedown,right_square_bracket",
        "Next topic",
        "Choose the first scenario of the next topic.",
        "Scenarios",
        True,
        "topic",
    ),
    Action("gallery.first", "home", "First scenario", "Choose the first one.", "Scenarios"),
    Action("gallery.last", "end", "Last scenario", "Choose the last one.", "Scenarios"),
    Action(
        "gallery.scroll_down",
        "space,n",
        "Read on",
        "Scroll the preview on by a page.",
        "Preview",
        True,
    ),
    Action("gallery.scroll_up", "b,p", "Read back", "Scroll the preview back.", "Preview"),
    Action("gallery.quit", "q", "Quit", "Leave nnsim.", "Other", True),
    # Help.
    Action("help.close", "escape,q,f1,enter", "Close", "Back to where I was.", "Help", True),
    Action("help.down", "down,j", "One line down", "Scroll by a line.", "Help"),
    Action("help.up", "up,k", "One line up", "Scroll back by a line.", "Help"),
    Action("help.page_down", "pagedown,space", "On", "Scroll by a page.", "Help", True, "on"),
    Action("help.page_up", "pageup,b", "Back", "Scroll back by a page.", "Help"),
    # A question before something is lost.
    Action("confirm.yes", "y", "Yes", "Do it.", "Answer", True),
    Action("confirm.no", "n,escape,q", "No", "Leave everything as it is.", "Answer", True),
)
