//! The loop: waits for the world, updates, performs effects, draws. The only place where effects happen.

mod compose;
pub mod world;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crossterm::event::{self, Event, MouseButton, MouseEventKind};
use ratatui::layout::{Position, Size};
use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

use crate::app::{App, Setup, Start};
use crate::clock::Clock;
use crate::content::library::Library;
use crate::course;
use crate::effect::{Effect, FilePath, Mouse, Msg};
use crate::key::Chord;
use crate::packs;
use crate::paint::Painter;
use crate::problem::Problem;
use crate::store::Store;
use crate::store::reviews::News;
use crate::study::review::effective;
use crate::study::schedule::Scheduler;
use crate::term::Taken;
use crate::ui::glyphs;
use crate::work::{self, Job, Worker};

use world::{World, environment};

/// How long is looked whether more keys have come. crossterm does not look at all where this is nothing.
const GLANCE: Duration = Duration::from_micros(20);

/// What the command line says about opening the program.
#[derive(Debug, Default)]
pub struct Options {
    pub packs: Vec<PathBuf>,
    pub place: Option<String>,
    pub start: Start,
    pub theme: Option<String>,
    pub config: PathBuf,
    pub data: PathBuf,
    pub clock: Clock,
    /// Where shuffles begin.
    pub seed: u64,
}

/// Opens the program and comes back when it was left.
pub fn run(options: Options) -> Result<(), Box<Problem>> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let hint = "In a pipe, `inservice show PLACE` prints a lesson and `inservice list` what there is.";
        return Err(Box::new(Problem::error("no-terminal", "The trainer needs a terminal to draw on.", hint)));
    }
    let terminal = |why: io::Error| {
        Box::new(Problem::error("terminal", format!("The terminal cannot be used: {why}."), "Try another one."))
    };
    let world = World::open(options)?;
    world.start().map_err(terminal)?.turn().map_err(terminal)
}

impl World {
    fn start(mut self) -> io::Result<Turning> {
        let (wake, bell) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        bell.set_nonblocking(true)?;
        signal_hook::low_level::pipe::register(SIGWINCH, bell.try_clone()?)?;
        let ended = Arc::new(AtomicUsize::new(0));
        for (signal, number) in [(SIGTERM, 15), (SIGHUP, 1), (SIGINT, 2)] {
            signal_hook::flag::register_usize(signal, Arc::clone(&ended), number)?;
            signal_hook::low_level::pipe::register(signal, bell.try_clone()?)?;
        }
        work::watch_for_the_end(Arc::clone(&ended), bell.try_clone()?)?;
        let worker = work::start(self.roots.clone(), bell)?;
        let editable = !self.roots.is_empty();
        if editable {
            let _ = worker.jobs.send(Job::Read);
        }
        let glyphs = match self.config.unicode {
            Some(true) => &glyphs::UNICODE,
            Some(false) => &glyphs::ASCII,
            None => glyphs::suitable(environment),
        };
        let size = size();
        let library = if editable { Library::default() } else { course::library() };
        let (app, effects) = App::new(Setup {
            library,
            places: std::mem::take(&mut self.places),
            themes: std::mem::take(&mut self.themes),
            theme: self.theme,
            glyphs,
            measure: self.config.measure,
            size,
            problems: std::mem::take(&mut self.problems),
            editable,
            reading: editable,
            place: self.options.place.take(),
            start: self.options.start,
            progress: std::mem::take(&mut self.progress),
            scheduler: self.scheduler.clone(),
            settings: std::mem::take(&mut self.settings),
            now: self.options.clock.now(),
            seed: self.options.seed,
            run: self.run,
        });
        let taken = Taken::new(self.config.mouse)?;
        let painter = Painter::new(io::stdout(), size);
        Ok(Turning { world: self, app, painter, taken, worker, wake, ended, inbox: VecDeque::new(), effects })
    }
}

fn size() -> Size {
    crossterm::terminal::size().map_or(Size::new(80, 24), |(width, height)| Size::new(width.max(1), height.max(1)))
}

struct Turning {
    world: World,
    app: App,
    painter: Painter<io::Stdout>,
    taken: Taken,
    worker: Worker,
    wake: UnixStream,
    ended: Arc<AtomicUsize>,
    inbox: VecDeque<Msg>,
    effects: Vec<Effect>,
}

impl Turning {
    fn turn(mut self) -> io::Result<()> {
        let first = std::mem::take(&mut self.effects);
        if self.perform(first)? {
            return Ok(());
        }
        let mut begun = false;
        loop {
            // Held keys coalesce: nothing is drawn while there is more to take in.
            self.gather()?;
            if self.inbox.is_empty() {
                let app = &self.app;
                self.painter.frame(|buffer| app.view(buffer))?;
                if !std::mem::replace(&mut begun, true) {
                    // The first frame does not wait for the copy of the day.
                    let options = &self.world.options;
                    let (history, today) = (options.data.join("history.db"), options.clock.now().day());
                    self.worker.copy(history, today);
                }
                self.wait()?;
                continue;
            }
            while let Some(msg) = self.inbox.pop_front() {
                if let Msg::Resize(size) = msg {
                    self.painter.resize(size);
                }
                let effects = self.app.update(msg, self.world.options.clock.now());
                if self.perform(effects)? {
                    return self.end();
                }
            }
        }
    }

    /// Ends the way the signal that told us to would have ended us.
    fn end(self) -> io::Result<()> {
        let Self { taken, worker, ended, .. } = self;
        // The terminal is given back first: what is still to do is nothing to look at.
        drop(taken);
        worker.settle();
        let signal = ended.load(Ordering::Relaxed);
        if let Some(signal) = i32::try_from(signal).ok().filter(|signal| *signal > 0) {
            signal_hook::low_level::emulate_default_handler(signal)?;
        }
        Ok(())
    }

    /// Sleeps until there is something: a key, a message of the worker, a signal.
    fn wait(&mut self) -> io::Result<()> {
        let wake_at = self.app.wake_at();
        let left = wake_at.map(|at| (at - self.world.options.clock.now().at).max(0));
        let limit = left.map(|left| rustix::event::Timespec { tv_sec: left / 1000, tv_nsec: left % 1000 * 1_000_000 });
        let stdin = io::stdin();
        let mut fds = [PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN), PollFd::new(&self.wake, PollFlags::IN)];
        match poll(&mut fds, limit.as_ref()) {
            Ok(0) => {
                self.inbox.push_back(Msg::Wake);
                Ok(())
            }
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(why) => Err(why.into()),
        }
    }

    /// Whether there is something to read; nothing when the terminal is gone, which must not be read then: crossterm
    /// would read its end for ever.
    fn ready(&mut self) -> io::Result<Option<bool>> {
        let stdin = io::stdin();
        let mut fds = [PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN)];
        match poll(&mut fds, Some(&rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 })) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(why) => return Err(why.into()),
        }
        let state = fds.first().map_or(PollFlags::empty(), PollFd::revents);
        if state.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            self.inbox.push_back(Msg::End);
            return Ok(None);
        }
        Ok(Some(state.contains(PollFlags::IN)))
    }

    /// Takes in everything that has come.
    fn gather(&mut self) -> io::Result<()> {
        let mut bytes = [0; 64];
        let mut rung = false;
        while self.wake.read(&mut bytes).is_ok_and(|count| count > 0) {
            rung = true;
        }
        if rung {
            let now = size();
            self.inbox.push_back(Msg::Resize(now));
        }
        if self.ended.load(Ordering::Relaxed) > 0 {
            self.inbox.push_back(Msg::End);
        }
        while let Ok(msg) = self.worker.messages.try_recv() {
            self.inbox.push_back(msg);
        }
        // What was read with an earlier key waits inside of crossterm, and so may the news of a new size.
        if self.ready()?.is_some_and(|readable| readable || rung) {
            loop {
                match event::poll(GLANCE).and_then(|there| if there { event::read().map(Some) } else { Ok(None) }) {
                    Ok(Some(event)) => self.inbox.extend(message(event)),
                    Ok(None) => break,
                    // A terminal that vanished in between is no error: the program is told to end.
                    Err(_) if self.ready()?.is_none() => break,
                    Err(why) => return Err(why),
                }
                if self.inbox.len() > 256 {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Performs effects; true when the program ends.
    fn perform(&mut self, effects: Vec<Effect>) -> io::Result<bool> {
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(true),
                Effect::Open(path) => {
                    let text = self.text(&path);
                    self.inbox.push_back(Msg::Opened { path, text });
                }
                Effect::Peek(path) => {
                    let text = self.text(&path);
                    self.inbox.push_back(Msg::Peeked { path, text });
                }
                Effect::Remember(place) => {
                    if let Some(Err(problem)) = self.world.store.as_ref().map(|store| store.remember(&place)) {
                        self.inbox.push_back(Msg::Failed(problem));
                    }
                }
                Effect::Keep(name, value) => {
                    let kept = self.world.store.as_ref().map(|store| match &value {
                        Some(value) => store.set(name, value),
                        None => store.unset(name),
                    });
                    if let Some(Err(problem)) = kept {
                        self.inbox.push_back(Msg::Failed(problem));
                    }
                }
                Effect::Record(rows) => {
                    let msg = match self.history().and_then(|(store, scheduler)| store.record(&rows, scheduler)) {
                        Ok(News { rows, states }) => Msg::Recorded { rows, states },
                        Err(problem) => Msg::Unrecorded(problem),
                    };
                    self.inbox.push_back(msg);
                }
                Effect::Sync => {
                    if let Some(Ok(News { rows, states })) = self.world.store.as_mut().map(Store::news)
                        && !rows.is_empty()
                    {
                        self.inbox.push_back(Msg::Recorded { rows, states });
                    }
                }
                Effect::Earlier(count) => {
                    let found = self.history().and_then(|(store, _)| store.recent(i64::MAX, count));
                    self.inbox.push_back(match found {
                        Ok((rows, whole)) => Msg::Earlier { rows, whole },
                        Err(problem) => Msg::Failed(problem),
                    });
                }
                Effect::Lost(ids) => {
                    if let Some(Ok(lost)) = self.world.store.as_ref().map(|store| store.lost(&ids)) {
                        self.inbox.push_back(Msg::Lost(lost));
                    }
                }
                Effect::History => {
                    let found = self.history().and_then(|(store, _)| store.log());
                    self.inbox.push_back(match found {
                        Ok(rows) => Msg::History(effective(rows)),
                        Err(problem) => Msg::Failed(problem),
                    });
                }
                Effect::Write { name, text } => {
                    // A file of the learner is never written over.
                    let written = std::fs::File::create_new(&name).and_then(|mut file| file.write_all(text.as_bytes()));
                    if let Err(why) = written {
                        let what = format!("`{name}` cannot be written: {why}.");
                        let hint = "Start the program in a folder that you may write to.";
                        self.inbox.push_back(Msg::Failed(Box::new(Problem::error("unwritable", what, hint))));
                    }
                }
                Effect::Copy(text) => {
                    let mut out = io::stdout();
                    write!(out, "\x1b]52;c;{}\x07", base64(text.as_bytes()))?;
                    out.flush()?;
                }
                Effect::Colour { path, at, language, text } => {
                    let _ = self.worker.jobs.send(Job::Colour { path, at, language, text });
                }
                Effect::Words { generation, sources } => {
                    let _ = self.worker.jobs.send(Job::Words { generation, sources });
                }
                Effect::Edit { path, line } => self.edit(&path, line)?,
                Effect::Compose { name, text } => self.compose(&name, &text)?,
                Effect::Redraw => self.painter.forget(),
                Effect::Suspend => {
                    self.taken.lend();
                    signal_hook::low_level::emulate_default_handler(SIGTSTP)?;
                    self.taken.again()?;
                    self.again();
                }
            }
        }
        Ok(false)
    }

    /// The history, or why there is none.
    fn history(&mut self) -> Result<(&mut Store, &Scheduler), Box<Problem>> {
        if let Some(store) = &mut self.world.store {
            return Ok((store, &self.world.scheduler));
        }
        let hint = "Run `inservice doctor`; what you do now is not remembered.";
        Err(Box::new(Problem::error("store", "There is no history to write to.", hint)))
    }

    fn text(&self, path: &FilePath) -> Result<Cow<'static, str>, Box<Problem>> {
        packs::text(&self.world.roots, path.pack, &path.path)
    }

    /// After something else had the terminal.
    fn again(&mut self) {
        let size = size();
        self.painter.resize(size);
        self.inbox.push_back(Msg::Resize(size));
    }

    fn edit(&mut self, path: &FilePath, line: usize) -> io::Result<()> {
        let Some(root) = self.world.roots.get(path.pack) else { return Ok(()) };
        let file = root.join(&path.path);
        self.launch(&file, line)?;
        let _ = self.worker.jobs.send(Job::Changed);
        Ok(())
    }

    /// Lets a text be written in the editor.
    fn compose(&mut self, name: &str, text: &str) -> io::Result<()> {
        let file = compose::path(&self.world.options.data, name);
        if let Err(why) = compose::write(&file, text) {
            let what = format!("`{}` cannot be written: {why}.", file.display());
            let problem = Problem::error("unwritable", what, "Write the answer here, with t.");
            self.inbox.push_back(Msg::Failed(Box::new(problem)));
            return Ok(());
        }
        self.launch(&file, 1)?;
        if let Some(text) = compose::take(&file) {
            self.inbox.push_back(Msg::Composed(text));
        }
        Ok(())
    }

    /// Lends the terminal to the editor.
    fn launch(&mut self, file: &Path, line: usize) -> io::Result<()> {
        let editor = ["VISUAL", "EDITOR"]
            .into_iter()
            .find_map(|name| environment(name).filter(|value| !value.trim().is_empty()));
        let editor = editor.unwrap_or_else(|| "vi".to_owned());
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or("vi");
        let mut process = Process::new(program);
        process.args(words).args(arguments(program, file, line));
        self.taken.lend();
        let done = process.status();
        self.taken.again()?;
        self.again();
        let failed = match done {
            Ok(status) if status.success() => None,
            Ok(status) => Some(format!("The editor `{program}` ended with {status}.")),
            Err(why) => Some(format!("The editor `{program}` cannot be started: {why}.")),
        };
        if let Some(what) = failed {
            let problem = Problem::error("editor", what, "Set EDITOR to an editor that is installed.");
            self.inbox.push_back(Msg::Failed(Box::new(problem)));
        }
        Ok(())
    }
}

/// How an editor is told the line.
fn arguments(program: &str, file: &Path, line: usize) -> Vec<std::ffi::OsString> {
    let name = Path::new(program).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let place = || {
        let mut place = file.as_os_str().to_owned();
        place.push(format!(":{line}"));
        place
    };
    match name.as_str() {
        "hx" | "helix" | "zed" | "subl" => vec![place()],
        "code" | "codium" | "cursor" => vec!["--wait".into(), "--goto".into(), place()],
        "vi" | "vim" | "nvim" | "view" | "nano" | "emacs" | "emacsclient" | "kak" | "micro" | "joe" | "ne" => {
            vec![format!("+{line}").into(), file.as_os_str().to_owned()]
        }
        _ => vec![file.as_os_str().to_owned()],
    }
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => Chord::pressed(&key).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(Size::new(width.max(1), height.max(1)))),
        Event::Mouse(mouse) => {
            let at = Position::new(mouse.column, mouse.row);
            match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Some(Msg::Mouse(Mouse::Click(at))),
                MouseEventKind::ScrollDown => Some(Msg::Mouse(Mouse::Wheel { at, down: true })),
                MouseEventKind::ScrollUp => Some(Msg::Mouse(Mouse::Wheel { at, down: false })),
                _ => None,
            }
        }
        _ => None,
    }
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let all = three.iter().fold(0u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for n in 0..4 {
            let sign = SIGNS.get((all >> (18 - 6 * n)) as usize & 63).map_or('=', |sign| char::from(*sign));
            out.push(if n > three.len() { '=' } else { sign });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clipboard_speaks_base64() {
        for (text, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), coded);
        }
    }

    #[test]
    fn editors_are_told_the_line_in_their_own_way() {
        let told = |program: &str| -> Vec<String> {
            let words = arguments(program, Path::new("a b.md"), 7);
            words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect()
        };
        assert_eq!(told("/usr/bin/vim"), ["+7", "a b.md"]);
        assert_eq!(told("hx"), ["a b.md:7"]);
        assert_eq!(told("code"), ["--wait", "--goto", "a b.md:7"]);
        assert_eq!(told("strange"), ["a b.md"]);
    }
}
