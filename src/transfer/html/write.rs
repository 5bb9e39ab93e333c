//! Blocks as the HTML that Anki keeps in its fields.

use super::flow::{Bit, Body, Flow, Level, Look};

/// Text that HTML shows as it is.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[must_use]
pub fn write(flows: &[Flow]) -> String {
    let mut out = String::new();
    let mut open: Vec<Level> = Vec::new();
    let lone = flows.len() == 1;
    for flow in flows {
        // Containers stay open as far as they go on; a new item of a list closes only the item before it.
        let mut kept = 0;
        let mut next = false;
        for (left, right) in open.iter().zip(&flow.nest) {
            match (left, right) {
                (Level::Quote, Level::Quote) => kept += 1,
                (Level::Item { number: a, .. }, Level::Item { number: b, first }) if a.is_some() == b.is_some() => {
                    if *first {
                        next = true;
                        break;
                    }
                    kept += 1;
                }
                _ => break,
            }
        }
        let list = usize::from(next);
        while open.len() > kept + list {
            open.pop().iter().for_each(|level| out.push_str(close(*level)));
        }
        if next {
            out.push_str("</li><li>");
            open.pop();
            open.extend(flow.nest.get(kept));
        }
        for level in flow.nest.iter().skip(open.len()) {
            out.push_str(match level {
                Level::Quote => "<blockquote>",
                Level::Item { number: None, .. } => "<ul><li>",
                Level::Item { .. } => "<ol><li>",
            });
            open.push(*level);
        }
        let inside = matches!(flow.nest.last(), Some(Level::Item { first: true, .. }));
        body(&flow.body, lone && flow.nest.is_empty() || inside, &mut out);
    }
    while let Some(level) = open.pop() {
        out.push_str(close(level));
    }
    out
}

fn close(level: Level) -> &'static str {
    match level {
        Level::Quote => "</blockquote>",
        Level::Item { number: None, .. } => "</li></ul>",
        Level::Item { .. } => "</li></ol>",
    }
}

fn body(body: &Body, bare: bool, out: &mut String) {
    match body {
        Body::Text(bits) if bare => inline(bits, out),
        Body::Text(bits) => {
            out.push_str("<p>");
            inline(bits, out);
            out.push_str("</p>");
        }
        Body::Code { info, text } => {
            let class = if info.is_empty() { String::new() } else { format!(" class=\"language-{info}\"") };
            out.push_str(&format!("<pre><code{class}>{}</code></pre>", escape(text)));
        }
        Body::Table(rows) => {
            out.push_str("<table>");
            for (n, row) in rows.iter().enumerate() {
                let cell = if n == 0 { "th" } else { "td" };
                out.push_str("<tr>");
                for bits in row {
                    out.push_str(&format!("<{cell}>"));
                    inline(bits, out);
                    out.push_str(&format!("</{cell}>"));
                }
                out.push_str("</tr>");
            }
            out.push_str("</table>");
        }
        Body::Rule => out.push_str("<hr>"),
    }
}

fn inline(bits: &[Bit], out: &mut String) {
    for bit in bits {
        if bit.text == "\n" {
            out.push_str("<br>");
            continue;
        }
        let Look { strong, emphasis, strike, code, link } = &bit.look;
        let marks = [(*strong, "b"), (*emphasis, "i"), (*strike, "s"), (*code, "code")];
        if let Some(url) = link {
            out.push_str(&format!("<a href=\"{}\">", escape(url).replace('"', "&quot;")));
        }
        for (_, name) in marks.iter().filter(|(on, _)| *on) {
            out.push_str(&format!("<{name}>"));
        }
        out.push_str(&escape(&bit.text));
        for (_, name) in marks.iter().rev().filter(|(on, _)| *on) {
            out.push_str(&format!("</{name}>"));
        }
        if link.is_some() {
            out.push_str("</a>");
        }
    }
}
