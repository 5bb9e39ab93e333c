//! The real program in a real terminal.

#![allow(clippy::disallowed_methods, reason = "a test waits for a terminal")]

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

pub struct Pty {
    pub master: Box<dyn MasterPty + Send>,
    pub writer: Box<dyn Write + Send>,
    pub bytes: Receiver<Vec<u8>>,
    pub child: Box<dyn Child + Send + Sync>,
    pub screen: vt100::Parser,
    pub raw: Vec<u8>,
}

impl Pty {
    pub fn start(home: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_inservice"));
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        for (name, value) in environment {
            command.env(name, value);
        }
        command.args(arguments);
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        let screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        Self { master: pair.master, writer, bytes, child, screen, raw: Vec::new() }
    }

    pub fn keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    pub fn take(&mut self, patience: Duration) {
        if let Ok(bytes) = self.bytes.recv_timeout(patience) {
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    /// Waits until the screen shows a text.
    pub fn wait(&mut self, text: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.screen.screen().contents().contains(text) {
            assert!(Instant::now() < until, "`{text}` never came:\n{}", self.screen.screen().contents());
            self.take(Duration::from_millis(50));
        }
    }

    /// Waits until the screen does not show a text any more.
    pub fn gone(&mut self, text: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while self.screen.screen().contents().contains(text) {
            assert!(Instant::now() < until, "`{text}` stays:\n{}", self.screen.screen().contents());
            self.take(Duration::from_millis(50));
        }
    }

    /// Waits until the program has ended and everything it wrote was read.
    pub fn end(&mut self) -> u32 {
        let until = Instant::now() + Duration::from_secs(20);
        let status = loop {
            self.take(Duration::from_millis(20));
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < until, "it does not end:\n{}", self.screen.screen().contents());
        };
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(200)) {
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        status.exit_code()
    }
}
