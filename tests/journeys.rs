//! The real program in a real terminal: what it shows, what it leaves behind, how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test waits for a terminal, and fails by panicking"
)]

mod support;

use std::io::Write;
use std::time::{Duration, Instant};

use portable_pty::PtySize;
use support::pty::Pty;

fn pack() -> String {
    support::pack().to_string_lossy().into_owned()
}

#[test]
fn a_lesson_is_read_left_and_found_again() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(home.path(), &["--pack", &pack()], &[]);
    pty.wait("learn");
    pty.keys("l");
    pty.wait("Load balancing");
    pty.keys("?");
    pty.wait("Everywhere");
    pty.keys("\x1b");
    pty.gone("Everywhere");
    pty.keys("j");
    pty.wait("diagnose an unhealthy target");
    pty.keys("\r");
    pty.wait("contract with a clock");
    pty.keys("]]]");
    pty.wait("aws elbv2");
    pty.keys("q");
    assert_eq!(pty.end(), 0);
    let mut pty = Pty::start(home.path(), &["--pack", &pack(), "load-balancing"], &[]);
    pty.wait("aws elbv2");
    pty.keys("q");
    assert_eq!(pty.end(), 0);
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(home.path(), &["--pack", &pack(), "load-balancing"], &[]);
    pty.wait("nobody is sent to them before they said they");
    pty.master.resize(PtySize { rows: 15, cols: 40, pixel_width: 0, pixel_height: 0 }).unwrap();
    pty.screen.screen_mut().set_size(15.try_into().unwrap(), 40.try_into().unwrap());
    pty.wait("\n clock: it promises");
    pty.keys("q");
    assert_eq!(pty.end(), 0);
}

#[test]
fn a_saved_file_shows_at_once() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.md");
    std::fs::write(&file, "# Title\n\nThe first version.\n").unwrap();
    let root = folder.path().to_string_lossy().into_owned();
    let mut pty = Pty::start(home.path(), &["--pack", &root, "a"], &[]);
    pty.wait("The first version.");
    // The way editors do it: a new file takes the place of the old one.
    let other = folder.path().join("a.md.tmp");
    std::fs::write(&other, "# Title\n\nThe second version.\n").unwrap();
    std::fs::rename(&other, &file).unwrap();
    pty.wait("The second version.");
    pty.keys("q");
    assert_eq!(pty.end(), 0);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(home.path(), &["--pack", &pack(), "load-balancing#tls"], &[]);
    pty.wait("aws elbv2");
    let id = pty.child.process_id().unwrap();
    let killed = std::process::Command::new("kill").arg(id.to_string()).status().unwrap();
    assert!(killed.success());
    pty.end();
    let mut pty = Pty::start(home.path(), &["--pack", &pack(), "load-balancing"], &[]);
    pty.wait("aws elbv2");
    pty.keys("\x03");
    assert_eq!(pty.end(), 0);
}

#[test]
fn colours_are_left_out_when_they_are_not_wanted() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = Pty::start(home.path(), &["--pack", &pack(), "load-balancing"], &[("NO_COLOR", "1")]);
    pty.wait("contract with a clock");
    pty.keys("q");
    assert_eq!(pty.end(), 0);
    let text = String::from_utf8_lossy(&pty.raw).into_owned();
    assert!(!text.contains("38;5;") && !text.contains("48;5;") && !text.contains("38;2;"), "{text:?}");
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_inservice"))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(told.contains("needs a terminal") && told.contains("inservice show"), "{told}");
}

#[test]
fn a_terminal_that_vanishes_ends_it() {
    let home = tempfile::tempdir().unwrap();
    // Without a process group of its own to be told, it must see by itself that nobody is there any more.
    let Pty { master, mut writer, bytes, mut child, .. } = {
        let mut pty = Pty::start(home.path(), &["--pack", &pack(), "load-balancing"], &[]);
        pty.wait("contract with a clock");
        pty
    };
    // The thread that reads the terminal holds it too: it ends at the next byte, for which nobody is left.
    drop(bytes);
    writer.write_all(b"j").unwrap();
    drop((master, writer));
    let until = Instant::now() + Duration::from_secs(20);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < until, "it goes on without a terminal");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_editor_opens_at_the_line_and_what_it_saved_is_shown() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.md");
    std::fs::write(&file, "# Title\n\nThe first version.\n").unwrap();
    // An editor that notes its arguments and writes the file.
    let editor = home.path().join("vim");
    let script = "#!/bin/sh\nPATH=/usr/bin:/bin\nprintf '%s' \"$*\" > \"$HOME/arguments\"\nprintf '# Title\\n\\nEdited.\\n' > \"$2\"\n";
    std::fs::write(&editor, script).unwrap();
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let root = folder.path().to_string_lossy().into_owned();
    let editor = editor.to_string_lossy().into_owned();
    let mut pty = Pty::start(home.path(), &["--pack", &root, "a"], &[("EDITOR", &editor)]);
    pty.wait("The first version.");
    pty.keys("e");
    pty.wait("Edited.");
    let told = std::fs::read_to_string(home.path().join("arguments")).unwrap();
    assert!(told.starts_with('+') && told.ends_with("a.md"), "{told}");
    pty.keys("q");
    assert_eq!(pty.end(), 0);
}

#[test]
fn a_broken_setting_is_told_and_the_rest_works() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), "measure = 40\ncolour = \"blue\"\n").unwrap();
    let folder = config.to_string_lossy().into_owned();
    let mut pty = Pty::start(home.path(), &["--pack", &pack(), "--config", &folder], &[]);
    pty.wait("! problems");
    pty.keys("!");
    pty.wait("colour");
    pty.keys("q");
    pty.gone("Problems");
    pty.keys("q");
    pty.end();
}
