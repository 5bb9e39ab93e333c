//! The threads beside the loop. The worker reads packs, watches their folders, colours code and copies the history: it
//! sends messages and a byte that wakes the loop, and shares nothing. Another only waits for the terminal to vanish.

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::SIGHUP;

use crate::content::library::Library;
use crate::content::words::texts;
use crate::disk;
use crate::effect::{FilePath, Msg, Source};
use crate::highlight::colours;
use crate::packs;
use crate::store::backup::daily;

/// An editor writes a file in several steps; after the last of them it is quiet for so long.
const QUIET: Duration = Duration::from_millis(40);
/// How long the end of the program waits for a copy, in milliseconds.
const LAST: u32 = 250;
/// How long the loop may take to end after its terminal has.
const PATIENCE: Duration = Duration::from_secs(1);

pub enum Job {
    Colour {
        path: FilePath,
        at: usize,
        language: String,
        text: String,
    },
    /// Make the copy of the history that belongs to a day.
    Backup {
        history: PathBuf,
        today: i64,
    },
    /// Give the words of files. A later job of this kind takes the place of one that is not done.
    Words {
        generation: u64,
        sources: Vec<Source>,
    },
    /// Read the packs.
    Read,
    /// Something in a pack's folder changed.
    Changed,
}

/// The loop's end of the thread.
pub struct Worker {
    pub jobs: Sender<Job>,
    pub messages: Receiver<Msg>,
    /// Whether a copy of the history was asked for and is not made yet.
    copying: Arc<AtomicBool>,
}

impl Worker {
    /// Asks for the copy of a day.
    pub fn copy(&self, history: PathBuf, today: i64) {
        self.copying.store(true, Ordering::Release);
        let _ = self.jobs.send(Job::Backup { history, today });
    }

    /// Waits for a copy that is being made; not for long, since the next start makes it too.
    pub fn settle(&self) {
        for _ in 0..LAST {
            if !self.copying.load(Ordering::Acquire) {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Starts the thread. `roots` are the folders that are opened; none of them: the course, which never changes.
pub fn start(roots: Vec<PathBuf>, wake: UnixStream) -> std::io::Result<Worker> {
    let (jobs, inbox) = channel();
    let (outbox, messages) = channel();
    let own = jobs.clone();
    let copying = Arc::new(AtomicBool::new(false));
    let copied = Arc::clone(&copying);
    let thread = std::thread::Builder::new().name("worker".to_owned());
    thread.spawn(move || {
        let mut bell = Bell { outbox, wake };
        let watcher = watch(&roots, own);
        run(&roots, &inbox, &copied, &mut bell);
        drop(watcher);
    })?;
    Ok(Worker { jobs, messages, copying })
}

/// Watches for the end of the terminal. The loop looks for it before it reads, but a terminal may vanish in between, and
/// the reader of keys would then read its end for ever: the program is ended as the signal would have ended it. Everything
/// graded is on disk by then.
pub fn watch_for_the_end(ended: Arc<AtomicUsize>, mut wake: UnixStream) -> std::io::Result<()> {
    let thread = std::thread::Builder::new().name("hangup".to_owned());
    thread.spawn(move || {
        let stdin = std::io::stdin();
        loop {
            let mut fds = [PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::empty())];
            match poll(&mut fds, None) {
                Err(rustix::io::Errno::INTR) => continue,
                Err(_) => return,
                Ok(_) => {}
            }
            let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
            if fds.first().is_some_and(|fd| fd.revents().intersects(gone)) {
                break;
            }
        }
        let number = usize::try_from(SIGHUP).unwrap_or(1);
        ended.store(number, Ordering::Relaxed);
        let _ = wake.write(&[0]);
        std::thread::sleep(PATIENCE);
        let _ = signal_hook::low_level::emulate_default_handler(SIGHUP);
    })?;
    Ok(())
}

struct Bell {
    outbox: Sender<Msg>,
    wake: UnixStream,
}

impl Bell {
    fn send(&mut self, msg: Msg) {
        // A loop that has ended needs no messages.
        let _ = self.outbox.send(msg);
        let _ = self.wake.write(&[0]);
    }
}

fn watch(roots: &[PathBuf], jobs: Sender<Job>) -> Option<RecommendedWatcher> {
    if roots.is_empty() {
        return None;
    }
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let changes = event.is_ok_and(|event| {
            !event.kind.is_access()
                && event.paths.iter().any(|path| {
                    path.extension().is_none_or(|extension| {
                        ["md", "markdown", "toml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
                    })
                })
        });
        if changes {
            let _ = jobs.send(Job::Changed);
        }
    })
    .ok()?;
    for root in roots {
        // A folder that cannot be watched is still read; it only does not show changes by itself.
        let _ = watcher.watch(root, RecursiveMode::Recursive);
    }
    Some(watcher)
}

/// Words that were asked for and are not told yet: for which index, and of which files, the next one last.
#[derive(Default)]
struct Words {
    generation: u64,
    sources: Vec<Source>,
}

/// So many bytes of words are told at once.
const BATCH: usize = 256 * 1024;

fn run(roots: &[PathBuf], inbox: &Receiver<Job>, copying: &AtomicBool, bell: &mut Bell) {
    let mut words = Words::default();
    loop {
        // Somebody waits for every other job; words are told between two of them.
        let job = if words.sources.is_empty() {
            inbox.recv().ok()
        } else {
            match inbox.try_recv() {
                Ok(job) => Some(job),
                Err(TryRecvError::Disconnected) => None,
                Err(TryRecvError::Empty) => {
                    tell(roots, &mut words, bell);
                    continue;
                }
            }
        };
        match job {
            None => return,
            Some(Job::Changed) => {
                let mut waiting = Vec::new();
                while let Ok(next) = inbox.recv_timeout(QUIET) {
                    if !matches!(next, Job::Changed) {
                        waiting.push(next);
                    }
                }
                // What was asked of the old files is asked again of the new ones.
                words = Words::default();
                read(roots, bell);
                for job in waiting.into_iter().filter(|job| !matches!(job, Job::Words { .. })) {
                    work(job, roots, &mut words, copying, bell);
                }
            }
            Some(job) => work(job, roots, &mut words, copying, bell),
        }
    }
}

fn work(job: Job, roots: &[PathBuf], words: &mut Words, copying: &AtomicBool, bell: &mut Bell) {
    match job {
        Job::Colour { path, at, language, text } => {
            let colours = colours(&language, &text);
            if !colours.is_empty() {
                bell.send(Msg::Coloured { path, at, colours });
            }
        }
        Job::Backup { history, today } => {
            let done = daily(&history, today);
            copying.store(false, Ordering::Release);
            if let Err(problem) = done {
                bell.send(Msg::Failed(problem));
            }
        }
        Job::Words { generation, mut sources } => {
            sources.reverse();
            let none = sources.is_empty();
            *words = Words { generation, sources };
            if none {
                bell.send(Msg::Words { generation, texts: Vec::new(), more: false });
            }
        }
        Job::Read | Job::Changed => read(roots, bell),
    }
}

/// Tells the words of some files.
fn tell(roots: &[PathBuf], words: &mut Words, bell: &mut Bell) {
    let mut told = Vec::new();
    let mut bytes = 0;
    while let Some(source) = words.sources.pop() {
        // A file that cannot be read has no words; opening it says why.
        if let Ok(text) = packs::text(roots, source.path.pack, &source.path.path) {
            bytes += text.len();
            told.push((source.file, texts(source.kind, source.body, &text)));
        }
        if bytes > BATCH {
            break;
        }
    }
    bell.send(Msg::Words { generation: words.generation, texts: told, more: !words.sources.is_empty() });
}

fn read(roots: &[PathBuf], bell: &mut Bell) {
    let mut library = Library::default();
    let mut problems = Vec::new();
    for root in roots {
        let found = disk::open(root, &mut library, &mut |done, of| {
            if done % 64 == 0 && of > 64 {
                bell.send(Msg::Reading { done, of });
            }
        });
        match found {
            Ok(found) => problems.extend(found),
            Err(problem) => problems.push(*problem),
        }
    }
    bell.send(Msg::Read { library: Box::new(library), problems });
}
