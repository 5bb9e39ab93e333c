//! Everything a person can do, in one table. Dispatch, the key bar, help, the palette, `keys` and docs/keys.md read it.

mod scope;
mod verb;

use crate::key::{Chord, Key};

pub use scope::Scope;
pub use verb::Command;
/// One row: a command, where it holds, its keys, its word in the key bar (none: not shown there), and what it does.
#[derive(Debug)]
pub struct Row {
    pub command: Command,
    pub scope: Scope,
    pub keys: &'static [Chord],
    pub label: &'static str,
    pub help: &'static str,
}

const fn c(c: char) -> Chord {
    Chord::char(c)
}

const fn k(key: Key) -> Chord {
    Chord::key(key)
}

const fn row(scope: Scope, command: Command, keys: &'static [Chord], label: &'static str, help: &'static str) -> Row {
    Row { command, scope, keys, label, help }
}

const fn ctrl_key(key: Key) -> Chord {
    Chord { key, ctrl: true, alt: false }
}

const fn alt_key(key: Key) -> Chord {
    Chord { key, ctrl: false, alt: true }
}

const fn alt(c: char) -> Chord {
    alt_key(Key::Char(c))
}

use Command as C;
use Scope as S;

/// The table. Within a scope, rows that matter more stand first: the key bar shows as many as fit.
pub const COMMANDS: &[Row] = &[
    row(S::Home, C::Choose, &[k(Key::Enter)], "start", "Start what is chosen: today's mixed set, or a module"),
    row(S::Home, C::Learn, &[c('l')], "learn", "Go to the modules and their lessons"),
    row(S::Home, C::Drill, &[c('d')], "drill", "Choose what to drill"),
    row(S::Home, C::Trees, &[c('t')], "trees", "Walk decision trees"),
    row(S::Home, C::Interview, &[c('i')], "interview", "Hold a mock interview"),
    row(S::Home, C::Compare, &[c('c')], "compare", "See comparison tables side by side"),
    row(S::Home, C::Find, &[c('/')], "find", "Find anything in the course"),
    row(S::Home, C::Stats, &[c('s')], "stats", "See whether it works"),
    row(S::Home, C::Plan, &[c('p')], "plan", "See the days until the interview"),
    row(S::Home, C::Date, &[c('D')], "date", "Set the date of the interview and the minutes a day"),
    row(S::Asking, C::Choose, &[k(Key::Enter), c(' ')], "answer", "Show the answer, or check what was chosen"),
    row(S::Asking, C::Type, &[c('i'), k(Key::Tab)], "type", "Type the answer"),
    row(S::Asking, C::Hint, &[c('h')], "hint", "Show a hint; one makes the best grade hard, two again"),
    row(S::Asking, C::Sure, &[c('s')], "sure", "Say that you are sure, before you look"),
    row(S::Asking, C::Maybe, &[c('m')], "", "Say that you may be right, before you look"),
    row(S::Asking, C::Guess, &[c('g')], "guess", "Say that you guess, before you look"),
    row(S::Grading, C::Choose, &[k(Key::Enter)], "next", "Take the grade that is marked"),
    row(
        S::Grading,
        C::Tick,
        &[c(' ')],
        "tick",
        "Tick a point that was said; without points, take the grade that is marked",
    ),
    row(S::Grading, C::Again, &[c('1')], "", "Grade: not known"),
    row(S::Grading, C::Hard, &[c('2')], "", "Grade: known with effort"),
    row(S::Grading, C::Good, &[c('3')], "", "Grade: known"),
    row(S::Grading, C::Easy, &[c('4')], "", "Grade: known at once"),
    row(S::Picking, C::Pick(1), &[c('1')], "choose", "Choose the first option"),
    row(S::Picking, C::Pick(2), &[c('2')], "", "Choose the second option"),
    row(S::Picking, C::Pick(3), &[c('3')], "", "Choose the third option"),
    row(S::Picking, C::Pick(4), &[c('4')], "", "Choose the fourth option"),
    row(S::Picking, C::Pick(5), &[c('5')], "", "Choose the fifth option"),
    row(S::Picking, C::Pick(6), &[c('6')], "", "Choose the sixth option"),
    row(S::Picking, C::Pick(7), &[c('7')], "", "Choose the seventh option"),
    row(S::Picking, C::Pick(8), &[c('8')], "", "Choose the eighth option"),
    row(S::Picking, C::Pick(9), &[c('9')], "", "Choose the ninth option"),
    row(S::Drill, C::Undo, &[c('u')], "undo", "Take the last answer back, also one of an earlier run"),
    row(S::Drill, C::Lesson, &[c('o')], "lesson", "Open where this is taught"),
    row(S::Drill, C::Facts, &[c('w')], "source", "Show the sources, and when the facts were checked"),
    row(S::Drill, C::Skip, &[c('n')], "later", "Ask this at the end of the set"),
    row(S::Drill, C::Bury, &[c('b')], "", "Put aside until tomorrow"),
    row(S::Drill, C::AsideForGood, &[c('x')], "", "Put aside for good, or take back what was put aside"),
    row(S::Drill, C::Edit, &[c('e')], "edit", "Edit the card in $EDITOR and come back to it"),
    row(S::Drill, C::Clinic, &[c('L')], "clinic", "Look after a card that was missed again and again"),
    row(S::Drill, C::Forget, &[], "", "Begin with this card anew"),
    row(S::Drill, C::Back, &[k(Key::Esc), k(Key::Backspace)], "leave", "Leave; the set can be gone on with later"),
    row(S::Summary, C::Choose, &[k(Key::Enter)], "done", "Go back"),
    row(S::Summary, C::Missed, &[c('m')], "missed", "Drill what was missed once more"),
    row(S::Summary, C::Undo, &[c('u')], "undo", "Take the last answer back"),
    row(S::Summary, C::Back, &[k(Key::Esc), k(Key::Backspace), c('q')], "", "Go back"),
    row(S::Setup, C::Choose, &[k(Key::Enter)], "start", "Begin; on an incident, begin that one"),
    row(S::Setup, C::Right, &[c('l'), k(Key::Right)], "change", "Choose the next value"),
    row(S::Setup, C::Left, &[c('h'), k(Key::Left)], "", "Choose the value before"),
    row(S::Setup, C::Tick, &[c(' ')], "tick", "Ask about a module, or not"),
    row(S::Setup, C::Pick(1), &[c('1')], "", "Ask questions of level L1, or not"),
    row(S::Setup, C::Pick(2), &[c('2')], "", "Ask questions of level L2, or not"),
    row(S::Setup, C::Pick(3), &[c('3')], "", "Ask questions of level L3, or not"),
    row(S::Setup, C::Pick(4), &[c('4')], "", "Ask questions of level L4, or not"),
    row(S::Setup, C::Forget, &[c('x')], "drop", "Give up the interview that was left"),
    row(S::Setup, C::Back, &[k(Key::Esc), k(Key::Backspace)], "back", "Go back"),
    row(S::Question, C::Choose, &[k(Key::Enter)], "answer", "Stop thinking and answer aloud"),
    row(
        S::Speaking,
        C::Choose,
        &[k(Key::Enter)],
        "done",
        "The answer is finished: go on to the follow-up, then to the rubric",
    ),
    row(S::Held, C::Choose, &[k(Key::Enter), c('p'), c(' ')], "go on", "Go on; the clock runs again"),
    row(S::Held, C::Back, &[k(Key::Esc), k(Key::Backspace)], "leave", "Leave; the interview can be gone on with later"),
    row(S::Rubric, C::Choose, &[k(Key::Enter)], "next", "Go on to the red flags, then take the score"),
    row(S::Rubric, C::Tick, &[c(' ')], "tick", "Tick the line that is chosen, or take the tick away"),
    row(S::Rubric, C::Pick(1), &[c('1')], "", "Tick the first line"),
    row(S::Rubric, C::Pick(2), &[c('2')], "", "Tick the second line"),
    row(S::Rubric, C::Pick(3), &[c('3')], "", "Tick the third line"),
    row(S::Rubric, C::Pick(4), &[c('4')], "", "Tick the fourth line"),
    row(S::Rubric, C::Pick(5), &[c('5')], "", "Tick the fifth line"),
    row(S::Rubric, C::Pick(6), &[c('6')], "", "Tick the sixth line"),
    row(S::Rubric, C::Pick(7), &[c('7')], "", "Tick the seventh line"),
    row(S::Rubric, C::Pick(8), &[c('8')], "", "Tick the eighth line"),
    row(S::Rubric, C::Pick(9), &[c('9')], "", "Tick the ninth line"),
    row(S::Rubric, C::Back, &[k(Key::Esc), k(Key::Backspace)], "back", "Go back to the points; from there, leave"),
    row(S::Models, C::Choose, &[k(Key::Enter)], "next", "Go on to the next question"),
    row(S::Models, C::Other, &[k(Key::Tab)], "other answer", "Read the other model answer, or your own"),
    row(
        S::Models,
        C::Back,
        &[k(Key::Esc), k(Key::Backspace)],
        "leave",
        "Leave; the interview can be gone on with later",
    ),
    row(S::Debrief, C::Missed, &[c('d')], "drill missed", "Drill the cards that teach the points you missed"),
    row(S::Debrief, C::Transcript, &[c('w')], "transcript", "Write a transcript as Markdown, under a name of yours"),
    row(S::Debrief, C::Choose, &[k(Key::Enter)], "done", "Go back"),
    row(S::Debrief, C::Back, &[k(Key::Esc), k(Key::Backspace)], "", "Go back"),
    row(S::Question, C::Type, &[c('t'), c('i')], "type", "Write the answer instead of saying it"),
    row(S::Question, C::Pause, &[c('p')], "pause", "Stop the clock; the question is hidden meanwhile"),
    row(S::Question, C::Right, &[c('l'), k(Key::Right)], "sideways", "Scroll wide evidence to the right"),
    row(S::Question, C::Left, &[c('h'), k(Key::Left)], "", "Scroll wide evidence to the left"),
    row(S::Question, C::Skip, &[c('s')], "skip", "Pass on the question; it is counted"),
    row(S::Question, C::Compose, &[c('e')], "editor", "Write the answer in $EDITOR"),
    row(
        S::Question,
        C::Back,
        &[k(Key::Esc), k(Key::Backspace)],
        "leave",
        "Leave; the interview can be gone on with later",
    ),
    row(S::Speaking, C::Type, &[c('t'), c('i')], "type", "Write the answer instead of saying it"),
    row(S::Speaking, C::Pause, &[c('p')], "pause", "Stop the clock; the question is hidden meanwhile"),
    row(S::Speaking, C::Right, &[c('l'), k(Key::Right)], "sideways", "Scroll wide evidence to the right"),
    row(S::Speaking, C::Left, &[c('h'), k(Key::Left)], "", "Scroll wide evidence to the left"),
    row(S::Speaking, C::Skip, &[c('s')], "skip", "Pass on the question; it is counted"),
    row(S::Speaking, C::Compose, &[c('e')], "editor", "Write the answer in $EDITOR"),
    row(
        S::Speaking,
        C::Back,
        &[k(Key::Esc), k(Key::Backspace)],
        "leave",
        "Leave; the interview can be gone on with later",
    ),
    row(S::Writing, C::Choose, &[Chord::ctrl('d')], "done", "The answer is finished"),
    row(S::Writing, C::Back, &[k(Key::Esc), Chord::ctrl('c')], "other keys", "Stop writing; the text stays"),
    row(S::Writing, C::Undo, &[Chord::ctrl('z')], "undo", "Take back what was typed last"),
    row(S::Writing, C::Redo, &[Chord::ctrl('y')], "", "Do again what was taken back"),
    row(S::Writing, C::Newline, &[k(Key::Enter)], "", "Begin a new line"),
    row(S::Writing, C::Up, &[k(Key::Up), Chord::ctrl('p')], "", "Go a row up"),
    row(S::Writing, C::Down, &[k(Key::Down), Chord::ctrl('n')], "", "Go a row down"),
    row(S::Writing, C::Left, &[k(Key::Left), Chord::ctrl('b')], "", "Go a character back"),
    row(S::Writing, C::Right, &[k(Key::Right), Chord::ctrl('f')], "", "Go a character on"),
    row(S::Writing, C::WordLeft, &[ctrl_key(Key::Left), alt('b'), alt_key(Key::Left)], "", "Go a word back"),
    row(S::Writing, C::WordRight, &[ctrl_key(Key::Right), alt('f'), alt_key(Key::Right)], "", "Go a word on"),
    row(S::Writing, C::LineStart, &[k(Key::Home), Chord::ctrl('a')], "", "Go to the beginning of the line"),
    row(S::Writing, C::LineEnd, &[k(Key::End), Chord::ctrl('e')], "", "Go to the end of the line"),
    row(S::Writing, C::PageUp, &[k(Key::PageUp)], "", "Go a page up"),
    row(S::Writing, C::PageDown, &[k(Key::PageDown)], "", "Go a page down"),
    row(S::Writing, C::Top, &[ctrl_key(Key::Home)], "", "Go to the beginning"),
    row(S::Writing, C::Bottom, &[ctrl_key(Key::End)], "", "Go to the end"),
    row(S::Writing, C::Erase, &[k(Key::Backspace), Chord::ctrl('h')], "", "Erase the character before"),
    row(S::Writing, C::EraseNext, &[k(Key::Delete)], "", "Erase the character behind"),
    row(S::Writing, C::EraseWord, &[Chord::ctrl('w'), alt_key(Key::Backspace)], "", "Erase a word"),
    row(S::Writing, C::EraseLine, &[Chord::ctrl('u')], "", "Erase the line up to here"),
    row(S::Writing, C::Help, &[k(Key::F(1))], "help", "Show all keys"),
    row(S::Trees, C::Choose, &[k(Key::Enter)], "walk", "Walk the tree freely"),
    row(S::Trees, C::Situations, &[c('s')], "situations", "Be asked the situations of the tree"),
    row(S::Trees, C::NearMiss, &[c('n')], "near misses", "Tell two situations apart that differ in one clue"),
    row(S::Trees, C::Build, &[c('b')], "build", "Put the questions of the tree in order before walking it"),
    row(S::Trees, C::Pretest, &[c('p')], "pre-test", "Skip the narrated run by passing three situations"),
    row(S::Trees, C::QuizAll, &[c('a')], "all trees", "Be asked situations mixed over all trees"),
    row(S::Trees, C::QuizModule, &[c('m')], "module", "Be asked the situations of the module's trees"),
    row(S::Trees, C::Timed, &[c('c')], "clock", "Be asked situations of all trees for a fixed time"),
    row(S::Trees, C::AsText, &[c('o')], "text", "Read the file of the tree as a text"),
    row(S::Trees, C::Back, &[k(Key::Esc), k(Key::Backspace)], "back", "Go back"),
    row(S::Turn, C::Choose, &[k(Key::Enter)], "take", "Take what is marked"),
    row(S::End, C::Choose, &[k(Key::Enter)], "begin anew", "Go to the first question, or follow the marked link"),
    row(S::Walk, C::StepBack, &[k(Key::Backspace), k(Key::Left), c('h')], "back", "Take the last choice back"),
    row(S::Walk, C::Map, &[c('m')], "map", "Go to the map of the tree and move there"),
    row(S::Walk, C::Situations, &[c('s')], "situations", "Be asked the situations of the tree"),
    row(S::Walk, C::Lesson, &[c('o')], "lesson", "Open where this is taught; back comes here again"),
    row(S::Walk, C::NextLink, &[k(Key::Tab)], "link", "Choose the next link"),
    row(S::Walk, C::PreviousLink, &[k(Key::BackTab)], "", "Choose the link before"),
    row(S::Walk, C::Restart, &[c('r')], "restart", "Begin at the first question"),
    row(S::Walk, C::AsText, &[c('v')], "text", "Read this node in the file of the tree"),
    row(S::Walk, C::Facts, &[c('w')], "sources", "Show sources, and when the facts were checked"),
    row(S::Walk, C::Edit, &[c('e')], "edit", "Open the file in $EDITOR at this node"),
    row(S::Walk, C::Back, &[k(Key::Esc)], "leave", "Leave the tree"),
    row(S::Map, C::Choose, &[k(Key::Enter)], "go there", "Go to the node of this row"),
    row(S::Map, C::Fold, &[c(' ')], "fold", "Fold what follows away, or show it"),
    row(S::Map, C::Left, &[c('h'), k(Key::Left)], "", "Fold, or go to the question above"),
    row(S::Map, C::Right, &[c('l'), k(Key::Right)], "", "Unfold, or go to the first row below"),
    row(S::Map, C::FoldAll, &[c('z')], "fold all", "Fold everything beside the way, or show everything"),
    row(
        S::Map,
        C::Map,
        &[c('m'), k(Key::Tab), k(Key::Esc), k(Key::Backspace)],
        "question",
        "Leave the map for the question",
    ),
    row(S::Case, C::Hint, &[c('h')], "hint", "Show help for this question; right is then graded hard"),
    row(
        S::Case,
        C::StepBack,
        &[k(Key::Backspace), k(Key::Left)],
        "back",
        "Take the last choice back; right is then graded hard",
    ),
    row(S::Case, C::Map, &[c('m')], "map", "Look at the map, as far as it is shown"),
    row(S::Case, C::Skip, &[c('n')], "later", "Ask this at the end of the set"),
    row(S::Case, C::Back, &[k(Key::Esc)], "leave", "Leave; nothing is graded"),
    row(S::Verdict, C::Choose, &[k(Key::Enter)], "next", "Go on"),
    row(S::Verdict, C::Easy, &[c('4')], "easy", "It was known at once: grade it easy"),
    row(S::Verdict, C::Map, &[c('m')], "map", "See both ways on the map"),
    row(S::Verdict, C::Undo, &[c('u')], "undo", "Take the answer back and be asked again"),
    row(S::Verdict, C::Lesson, &[c('o')], "lesson", "Open where this is taught; back comes here again"),
    row(S::Verdict, C::Facts, &[c('w')], "sources", "Show sources, and when the facts were checked"),
    row(S::Verdict, C::Edit, &[c('e')], "edit", "Open the file in $EDITOR at this situation"),
    row(S::Verdict, C::Back, &[k(Key::Esc), k(Key::Backspace)], "leave", "Leave"),
    row(S::NearMiss, C::StepBack, &[k(Key::Backspace)], "back", "Take the last choice back; right is then graded hard"),
    row(S::NearMiss, C::Back, &[k(Key::Esc)], "leave", "Leave"),
    row(S::Built, C::Choose, &[k(Key::Enter)], "walk", "Walk the tree"),
    row(S::Build, C::Restart, &[c('r')], "restart", "Shuffle and begin anew"),
    row(S::Build, C::Back, &[k(Key::Esc), k(Key::Backspace)], "leave", "Leave"),
    row(S::Shelf, C::AsText, &[c('o')], "text", "Read the file of a tree as a text"),
    row(S::Shelf, C::Choose, &[k(Key::Enter)], "open", "Open what is chosen"),
    row(S::Shelf, C::Right, &[c('l'), k(Key::Right), k(Key::Tab)], "files", "Go to the files of the module"),
    row(S::Shelf, C::Left, &[c('h'), k(Key::Left), k(Key::BackTab)], "modules", "Go back to the modules"),
    row(S::Shelf, C::Back, &[k(Key::Backspace), k(Key::Esc)], "back", "Go back to the modules, then home"),
    row(S::Shelf, C::Drill, &[c('d')], "drill", "Drill the module, or the file"),
    row(S::Shelf, C::Interview, &[c('i')], "interview", "Hold an interview about the module"),
    row(S::Shelf, C::Find, &[c('/')], "find", "Find anything in the course"),
    row(S::Reader, C::Choose, &[k(Key::Enter)], "follow", "Follow the chosen link"),
    row(S::Reader, C::NextLink, &[k(Key::Tab)], "link", "Choose the next link"),
    row(S::Reader, C::PreviousLink, &[k(Key::BackTab)], "", "Choose the link before"),
    row(S::Reader, C::NextHit, &[c('n')], "next", "Go to the next place that was found"),
    row(S::Reader, C::PreviousHit, &[c('N')], "previous", "Go to the place found before"),
    row(S::Reader, C::PageDown, &[c(' ')], "page", "Scroll a page down"),
    row(S::Reader, C::PageUp, &[c('b')], "", "Scroll a page up"),
    row(S::Reader, C::NextSection, &[c(']')], "section", "Go to the next section"),
    row(S::Reader, C::PreviousSection, &[c('[')], "", "Go to the section before"),
    row(S::Reader, C::Drill, &[c('d')], "drill", "Drill this section, or its module"),
    row(S::Reader, C::Interview, &[c('i')], "practise", "Practise the question that is read, or begin the incident"),
    row(S::Reader, C::Search, &[c('/')], "find", "Find in the page"),
    row(S::Reader, C::Right, &[c('l'), k(Key::Right)], "sideways", "Scroll a wide table or code to the right"),
    row(S::Reader, C::Left, &[c('h'), k(Key::Left)], "", "Scroll a wide table or code to the left"),
    row(S::Reader, C::Contents, &[c('O')], "contents", "Choose a section from a list"),
    row(S::Reader, C::Outline, &[c('o')], "outline", "Show or hide the outline beside the page"),
    row(S::Reader, C::NextFile, &[c('}')], "lesson", "Go to the next lesson"),
    row(S::Reader, C::PreviousFile, &[c('{')], "", "Go to the lesson before"),
    row(S::Reader, C::CopyCode, &[c('y')], "copy", "Copy the code block on the page"),
    row(S::Reader, C::Compare, &[c('c')], "compare", "Open the table on the page to sort, contrast and recall it"),
    row(S::Reader, C::Facts, &[c('w')], "sources", "Show sources, and when the facts were checked"),
    row(S::Reader, C::Edit, &[c('e')], "edit", "Open the file in $EDITOR at this line"),
    row(S::Reader, C::Back, &[k(Key::Backspace), k(Key::Esc)], "back", "Go back to where one came from"),
    row(S::Tables, C::Choose, &[k(Key::Enter)], "open", "Open the table"),
    row(S::Tables, C::Search, &[c('/')], "find", "Find tables by what they compare, and by what"),
    row(S::Tables, C::Drill, &[c('d')], "drill", "Drill the cells of the table"),
    row(S::Tables, C::Draw, &[c('r')], "draw", "Name what the table compares by before you see it, then fill it in"),
    row(S::Tables, C::Lesson, &[c('o')], "lesson", "Open the lesson at the table"),
    row(S::Tables, C::Back, &[k(Key::Esc), k(Key::Backspace)], "back", "Go back"),
    row(S::One, C::Choose, &[k(Key::Enter)], "recall", "Blank all of it out and recall it"),
    row(S::One, C::NextEntity, &[c('n'), k(Key::Right), c('l'), k(Key::Tab)], "next", "Go to the next one"),
    row(
        S::One,
        C::PreviousEntity,
        &[c('p'), k(Key::Left), c('h'), k(Key::BackTab)],
        "previous",
        "Go to the one before",
    ),
    row(S::Pair, C::Choose, &[k(Key::Enter)], "recall", "Blank what is shown of both out and recall it"),
    row(S::Sheet, C::Choose, &[k(Key::Enter)], "read", "Read one of them whole, whatever is cut"),
    row(S::Sheet, C::Blank, &[c('b')], "blank", "Blank cells out and recall them"),
    row(S::Sheet, C::Contrast, &[c('v')], "versus", "Put another beside it and show only what differs"),
    row(S::Sheet, C::Same, &[c('a')], "same", "Show also what is the same in both"),
    row(S::Sheet, C::Sort, &[c('s')], "sort", "Sort by the chosen attribute: up, down, as it was"),
    row(S::Sheet, C::Search, &[c('/')], "filter", "Show only the rows that hold some words"),
    row(S::Sheet, C::Turn, &[c('t')], "turn", "Make the rows columns"),
    row(S::Sheet, C::Hide, &[c('x')], "hide", "Hide the column"),
    row(S::Sheet, C::Unhide, &[c('X')], "unhide", "Show the hidden columns again"),
    row(S::Sheet, C::Drill, &[c('d')], "drill", "Drill the cells of the table"),
    row(S::Sheet, C::CopyTable, &[c('y')], "copy", "Copy what is shown as a Markdown table"),
    row(S::Sheet, C::CopyCsv, &[c('Y')], "", "Copy what is shown as comma-separated values"),
    row(S::Sheet, C::Facts, &[c('w')], "sources", "Show sources, and when the facts were checked"),
    row(S::Sheet, C::Lesson, &[c('o')], "lesson", "Open the lesson at the table"),
    row(S::Sheet, C::Right, &[c('l'), k(Key::Right)], "", "Go a column to the right"),
    row(S::Sheet, C::Left, &[c('h'), k(Key::Left)], "", "Go a column to the left"),
    row(S::Sheet, C::NextEntity, &[c('n'), k(Key::Tab)], "", "Go to the next one that is compared"),
    row(S::Sheet, C::PreviousEntity, &[c('p'), k(Key::BackTab)], "", "Go to the one before"),
    row(S::Sheet, C::BlankRow, &[], "", "Blank the row out"),
    row(S::Sheet, C::BlankColumn, &[], "", "Blank the column out"),
    row(S::Sheet, C::BlankSome, &[], "", "Blank a third of the cells out, by chance"),
    row(S::Sheet, C::BlankAll, &[], "", "Blank every cell out"),
    row(S::Sheet, C::Draw, &[], "", "Draw the table: name what it compares by, then fill it in"),
    row(
        S::Sheet,
        C::Back,
        &[k(Key::Esc), k(Key::Backspace)],
        "back",
        "Go back: to the table, to all rows, to where one came from",
    ),
    row(S::Blanks, C::Choose, &[k(Key::Enter), c(' ')], "show", "Show the cell, or go to the next blank"),
    row(S::Blanks, C::Undo, &[c('u')], "undo", "Take the last grade back"),
    row(S::Blanks, C::Back, &[k(Key::Esc), k(Key::Backspace)], "stop", "Show everything again; what was graded stays"),
    row(S::Blanks, C::Facts, &[c('w')], "sources", "Show sources, and when the facts were checked"),
    row(S::Blanks, C::Right, &[c('l'), k(Key::Right)], "", "Go a column to the right"),
    row(S::Blanks, C::Left, &[c('h'), k(Key::Left)], "", "Go a column to the left"),
    row(S::Blanks, C::NextEntity, &[c('n'), k(Key::Tab)], "", "Go to the next one that is compared"),
    row(S::Blanks, C::PreviousEntity, &[c('p'), k(Key::BackTab)], "", "Go to the one before"),
    row(
        S::Recalled,
        C::Choose,
        &[k(Key::Enter)],
        "go on",
        "Recall what was missed once more, else go back to the table",
    ),
    row(S::Recalled, C::Back, &[k(Key::Esc), k(Key::Backspace)], "table", "Go back to the table"),
    row(S::Sketch, C::Choose, &[k(Key::Enter)], "fill in", "Blank every cell out and recall it"),
    row(S::Sketch, C::Facts, &[c('w')], "sources", "Show sources, and when the facts were checked"),
    row(S::Sketch, C::Back, &[k(Key::Esc), k(Key::Backspace)], "table", "See the table"),
    row(S::Numbers, C::Picture, &[c('v')], "picture", "Write the curve of readiness as an SVG picture"),
    row(S::Numbers, C::Back, &[k(Key::Esc), k(Key::Backspace)], "back", "Go back"),
    row(S::List, C::Choose, &[k(Key::Enter)], "choose", "Choose"),
    row(S::List, C::Back, &[k(Key::Esc), k(Key::Backspace), c('q')], "close", "Close"),
    row(S::Find, C::Choose, &[k(Key::Enter)], "open", "Open what is chosen; the way back leads here"),
    row(
        S::Find,
        C::NextKind,
        &[k(Key::Tab)],
        "kind",
        "Keep to the next kind: headings, tables, cards, questions and so on",
    ),
    row(S::Find, C::PreviousKind, &[k(Key::BackTab)], "", "Keep to the kind before"),
    row(S::Find, C::Drill, &[Chord::ctrl('d')], "drill", "Drill what is chosen"),
    row(S::Find, C::PageDown, &[k(Key::PageDown), Chord::ctrl('f')], "", "Go a page down"),
    row(S::Find, C::PageUp, &[k(Key::PageUp), Chord::ctrl('b')], "", "Go a page up"),
    row(S::Find, C::Top, &[k(Key::Home)], "", "Go to the best"),
    row(S::Find, C::Bottom, &[k(Key::End)], "", "Go to the last"),
    row(S::Find, C::Back, &[k(Key::Esc), Chord::ctrl('c'), Chord::ctrl('g')], "back", "Go back to where one came from"),
    row(S::Find, C::Help, &[k(Key::F(1))], "help", "Show all keys"),
    row(S::Typing, C::Choose, &[k(Key::Enter)], "accept", "Take what was typed"),
    row(S::Typing, C::Back, &[k(Key::Esc), Chord::ctrl('c'), Chord::ctrl('g')], "cancel", "Leave the field"),
    row(S::Typing, C::Up, &[k(Key::Up), Chord::ctrl('p')], "", "Choose the line above"),
    row(S::Typing, C::Down, &[k(Key::Down), Chord::ctrl('n')], "", "Choose the line below"),
    row(S::Typing, C::Erase, &[k(Key::Backspace), Chord::ctrl('h')], "", "Erase a character"),
    row(S::Typing, C::EraseWord, &[Chord::ctrl('w')], "", "Erase a word"),
    row(S::Typing, C::EraseAll, &[Chord::ctrl('u')], "", "Erase everything"),
    row(S::Moving, C::Down, &[c('j'), k(Key::Down), Chord::ctrl('e')], "", "Go down"),
    row(S::Moving, C::Up, &[c('k'), k(Key::Up), Chord::ctrl('y')], "", "Go up"),
    row(S::Moving, C::HalfDown, &[Chord::ctrl('d')], "", "Go half a page down"),
    row(S::Moving, C::HalfUp, &[Chord::ctrl('u')], "", "Go half a page up"),
    row(S::Moving, C::PageDown, &[k(Key::PageDown), Chord::ctrl('f')], "", "Go a page down"),
    row(S::Moving, C::PageUp, &[k(Key::PageUp), Chord::ctrl('b')], "", "Go a page up"),
    row(S::Moving, C::Top, &[c('g'), k(Key::Home)], "", "Go to the beginning"),
    row(S::Moving, C::Bottom, &[c('G'), k(Key::End)], "", "Go to the end"),
    row(S::Global, C::Find, &[c('F'), c('/')], "", "Find anything in the course"),
    row(S::Global, C::Problems, &[c('!')], "problems", "Show what is wrong with the packs and the settings"),
    row(S::Global, C::Theme, &[c('T')], "", "Change the theme"),
    row(S::Global, C::Palette, &[c(':'), Chord::ctrl('p')], "", "Choose a command by its name"),
    row(S::Global, C::Redraw, &[Chord::ctrl('l')], "", "Draw the screen anew"),
    row(S::Global, C::Suspend, &[Chord::ctrl('z')], "", "Go to the shell; `fg` comes back"),
    row(S::Global, C::Quit, &[c('q'), Chord::ctrl('c')], "quit", "Leave the program"),
    row(S::Global, C::Help, &[c('?'), k(Key::F(1))], "help", "Show all keys"),
];

/// The command of a chord in some scopes, the first scope first.
#[must_use]
pub fn lookup(scopes: &[Scope], chord: Chord) -> Option<Command> {
    scopes.iter().find_map(|scope| {
        COMMANDS.iter().find(|row| row.scope == *scope && row.keys.contains(&chord)).map(|row| row.command)
    })
}

/// The rows of a scope.
pub fn rows(scope: Scope) -> impl Iterator<Item = &'static Row> {
    COMMANDS.iter().filter(move |row| row.scope == scope)
}

/// The scopes in the order in which help shows them.
pub const SCOPES: &[Scope] = &[
    S::Home,
    S::Asking,
    S::Picking,
    S::Grading,
    S::Drill,
    S::Summary,
    S::Setup,
    S::Question,
    S::Speaking,
    S::Writing,
    S::Held,
    S::Rubric,
    S::Models,
    S::Debrief,
    S::Trees,
    S::Turn,
    S::Walk,
    S::End,
    S::Map,
    S::Case,
    S::Verdict,
    S::NearMiss,
    S::Build,
    S::Built,
    S::Reader,
    S::Shelf,
    S::Tables,
    S::Sheet,
    S::One,
    S::Pair,
    S::Blanks,
    S::Recalled,
    S::Sketch,
    S::Numbers,
    S::Moving,
    S::Find,
    S::List,
    S::Typing,
    S::Global,
];

/// The whole table as Markdown, for docs/keys.md and `keys`.
#[must_use]
pub fn markdown() -> String {
    let mut out =
        String::from("# Keys\n\nThis page is made from the table of commands by `inservice keys --markdown`.\n");
    for scope in SCOPES.iter().copied() {
        out.push_str(&format!("\n## {}\n\n| key | does |\n|---|---|\n", scope.name()));
        for row in rows(scope) {
            let keys: Vec<String> = row.keys.iter().map(|chord| format!("`{chord}`")).collect();
            out.push_str(&format!("| {} | {} |\n", keys.join(" "), row.help));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chord_means_one_thing_in_a_scope() {
        for scope in SCOPES.iter().copied() {
            let mut seen = Vec::new();
            for chord in rows(scope).flat_map(|row| row.keys) {
                assert!(!seen.contains(chord), "{chord} has two meanings in {scope:?}");
                seen.push(*chord);
            }
        }
    }

    #[test]
    fn every_command_has_a_key_and_words() {
        for row in COMMANDS {
            // What is only offered in a list needs no key of its own.
            assert!(
                (!row.keys.is_empty() || row.label.is_empty()) && !row.help.is_empty() && !row.help.ends_with('.'),
                "{row:?}"
            );
        }
        assert_eq!(lookup(&[S::Reader, S::Moving, S::Global], c('l')), Some(C::Right));
        assert_eq!(lookup(&[S::Shelf, S::Moving, S::Global], c('z')), None);
    }
}
