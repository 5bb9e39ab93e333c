//! The curve of readiness as a picture for sharing: an SVG that needs no font and no script of its own.

use super::day::{Day, short};

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    pub title: String,
    pub today: Day,
    pub date: Option<Day>,
    /// Readiness at the end of each day so far.
    pub past: Vec<(Day, f64)>,
    /// What the plan promises.
    pub coming: Vec<(Day, f64)>,
}

const WIDE: f64 = 760.0;
const TALL: f64 = 380.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = 48.0;

/// A text that may stand in XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// The picture as a text.
#[must_use]
pub fn svg(curve: &Curve) -> String {
    let all = || curve.past.iter().chain(&curve.coming);
    let first = all().map(|(day, _)| *day).min().unwrap_or(curve.today);
    let last =
        all().map(|(day, _)| *day).max().unwrap_or(curve.today).max(curve.date.unwrap_or(Day::MIN)).max(first + 1);
    let x = |day: Day| LEFT + (WIDE - LEFT - RIGHT) * (day - first) as f64 / (last - first) as f64;
    let y = |share: f64| TALL - BOTTOM - (TALL - TOP - BOTTOM) * share.clamp(0.0, 1.0);
    let points = |line: &[(Day, f64)]| -> String {
        let points: Vec<String> = line.iter().map(|(day, share)| format!("{:.1},{:.1}", x(*day), y(*share))).collect();
        points.join(" ")
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {TALL}\" font-family=\"ui-sans-serif, system-ui, sans-serif\" font-size=\"13\" fill=\"#646b78\">\n<rect width=\"{WIDE}\" height=\"{TALL}\" fill=\"#fbfaf7\"/>\n"
    );
    let now = curve.past.last().map_or(0.0, |(_, share)| *share);
    out.push_str(&format!(
        "<text x=\"{LEFT}\" y=\"34\" font-size=\"20\" font-weight=\"bold\" fill=\"#23262d\">{}</text>\n",
        escaped(&curve.title)
    ));
    let told = match curve.date {
        Some(date) => format!("Ready for the interview on {}: {:.0} %", short(date), now * 100.0),
        None => format!("Ready: {:.0} %", now * 100.0),
    };
    out.push_str(&format!("<text x=\"{LEFT}\" y=\"58\">{}</text>\n", escaped(&told)));
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let at = y(share);
        out.push_str(&format!(
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#e3e0d8\"/>\n<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{:.0} %</text>\n",
            WIDE - RIGHT,
            LEFT - 8.0,
            at + 4.0,
            share * 100.0
        ));
    }
    let step = ((last - first) / 6).max(1);
    let mut day = first;
    while day <= last {
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
            x(day),
            TALL - BOTTOM + 22.0,
            short(day)
        ));
        day += step;
    }
    if let Some(date) = curve.date {
        out.push_str(&format!(
            "<line x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{TOP}\" y2=\"{1}\" stroke=\"#0b5cad\" stroke-dasharray=\"2 4\"/>\n",
            x(date),
            TALL - BOTTOM
        ));
    }
    let lines = [(&curve.past, ""), (&curve.coming, " stroke-dasharray=\"6 5\" opacity=\"0.6\"")];
    for (line, dash) in lines.into_iter().filter(|(line, _)| line.len() > 1) {
        out.push_str(&format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"#a34a00\" stroke-width=\"2.5\" stroke-linejoin=\"round\"{dash}/>\n",
            points(line)
        ));
    }
    if let Some((day, share)) = curve.past.last() {
        out.push_str(&format!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"#a34a00\"/>\n", x(*day), y(*share)));
    }
    out.push_str("</svg>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_holds_its_curve_and_no_foreign_markup() {
        let curve = Curve {
            title: "A <b> & \"c\"\u{1b}".to_owned(),
            today: 12,
            date: Some(20),
            past: vec![(10, 0.0), (12, 0.5)],
            coming: vec![(12, 0.5), (19, 1.0)],
        };
        let text = svg(&curve);
        assert!(text.contains("A &lt;b&gt; &amp; &quot;c&quot;</text>"), "{text}");
        // Ten days from 56 to 736: day 10 stands at 56, day 12 at 56 + 680 x 2 / 10 = 192. Half of 248 from 332 is 208.
        assert!(text.contains("points=\"56.0,332.0 192.0,208.0\""), "{text}");
        assert!(text.contains("points=\"192.0,208.0 668.0,84.0\""), "{text}");
        assert_eq!(text.matches("<polyline").count(), 2);
        assert!(svg(&Curve::default()).ends_with("</svg>\n"));
    }
}
