//! The HTML of Anki's fields as Markdown, and Markdown as such HTML. Both pass through the same flat blocks, so going
//! there and back changes nothing.

mod flow;
mod print;
mod read;
mod write;

use flow::Flow;

use super::tame;
use crate::content::card::gaps;

/// Stand for the brackets of a gap while a text is HTML.
pub const OPEN: char = '\u{e000}';
pub const CLOSE: char = '\u{e001}';

/// What a field of HTML says in Markdown, and what of it was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub text: String,
    pub pictures: usize,
    pub sounds: usize,
}

/// HTML to Markdown that can stand in a card. Scripts, unknown tags and control characters do not pass.
#[must_use]
pub fn markdown(html: &str) -> Told {
    let html: String = tame(html).chars().filter(|c| ![OPEN, CLOSE].contains(c)).collect();
    told(&html, false)
}

/// The same for a sentence whose gaps are marked; the gaps come out in brackets, all other brackets are escaped.
#[must_use]
pub fn cloze(html: &str) -> Told {
    let told = told(html, true);
    Told { text: bracketed(&told.text), ..told }
}

/// The cloze text without any of its looks, for a sentence whose gaps would not be found otherwise.
#[must_use]
pub fn plain_cloze(html: &str) -> String {
    let flows = flow::plain(&flow::normal(read::read(html).flows));
    bracketed(&print::print(&flows, true))
}

fn told(html: &str, cloze: bool) -> Told {
    let found = read::read(html);
    let mut flows = flow::normal(found.flows);
    if cloze {
        flow::unlinked(&mut flows);
        flows = flow::normal(flows);
    }
    Told { text: print::print(&flows, cloze), pictures: found.pictures, sounds: found.sounds }
}

/// Puts brackets in the place of the marks, so that each pair is a gap and nothing else.
fn bracketed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            OPEN => {
                // `![` would be a picture.
                if out.ends_with('!') && out.chars().rev().skip(1).take_while(|c| *c == '\\').count() % 2 == 0 {
                    out.pop();
                    out.push_str("\\!");
                }
                out.push('[');
            }
            CLOSE => {
                out.push(']');
                // `](` would be a link.
                if chars.peek() == Some(&'(') {
                    out.push('\\');
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Markdown to HTML.
#[must_use]
pub fn html(markdown: &str) -> String {
    write::write(&parsed(markdown))
}

/// A sentence with gaps to HTML, with marks in the place of the brackets of its gaps.
#[must_use]
pub fn cloze_html(prompt: &str) -> String {
    let mut text = String::with_capacity(prompt.len() + 8);
    let mut at = 0;
    for gap in gaps(prompt) {
        text.push_str(prompt.get(at..gap.start.saturating_sub(1)).unwrap_or(""));
        text.push(OPEN);
        text.push_str(prompt.get(gap.clone()).unwrap_or(""));
        text.push(CLOSE);
        at = gap.end + 1;
    }
    text.push_str(prompt.get(at..).unwrap_or(""));
    let shown = html(&text);
    // A gap that reaches into a fence or such would lose a mark: then the words are shown as they stand.
    let marks = |text: &str| text.chars().filter(|c| [OPEN, CLOSE].contains(c)).collect::<String>();
    if marks(&shown) == marks(&text) { shown } else { escape(&text) }
}

/// Text as HTML that shows it as it is, line for line.
#[must_use]
pub fn escape(text: &str) -> String {
    write::escape(text).replace('\n', "<br>")
}

/// The text behind such HTML, line for line, without any tag.
#[must_use]
pub fn unescape(html: &str) -> String {
    read::lines(&tame(html))
}

fn parsed(markdown: &str) -> Vec<Flow> {
    flow::normal(flow::from_blocks(crate::content::parse::blocks(markdown, 0, "")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::deck::guard;
    use crate::transfer::deck::tests::nasty;
    use proptest::prelude::*;

    fn md(html: &str) -> String {
        markdown(html).text
    }

    #[test]
    fn fields_of_anki_become_markdown() {
        let cases = [
            ("What is <b>EC2</b>?", "What is **EC2**?"),
            ("A <i>virtual</i> machine<br>in &lt;AWS&gt;", "A *virtual* machine\\\nin \\<AWS>"),
            ("a<div>b</div><div>c</div>", "a\\\nb\\\nc"),
            ("a<div><br></div><div>c</div>", "a\n\nc"),
            ("<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>", "- one\n- two\n  - deep"),
            ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
            ("<p>one</p><p>two</p>", "one\n\ntwo"),
            ("<code>a[0]</code> and <code>x`y</code>", "`a[0]` and ``x`y``"),
            ("<pre><code class=\"language-rust\">fn a() {}\n  b</code></pre>", "```rust\nfn a() {}\n  b\n```"),
            ("<script>alert(1)</script><style>b{}</style>x<!-- no -->", "x"),
            ("x <font color=red onclick='a()'>red</font>", "x red"),
            ("&amp;amp; &eacute; &#65;&#x1F600; &nbsp;x&copy;", "\\&amp; é A😀 x©"),
            (
                "<a href=\"https://a.org/b?c=1&amp;d\">see</a> <a href='javascript:x'>no</a>",
                "[see](<https://a.org/b?c=1&d>) no",
            ),
            ("10<sup>3</sup> H<sub>2</sub>O", "10^3 H_2O"),
            ("<h2>Title</h2>text", "**Title**\n\ntext"),
            ("<blockquote>said</blockquote>", "> said"),
            ("Q: not a card<br># nor a deck", "Q\\: not a card\\\n\\# nor a deck"),
            ("---", "\\---"),
            ("a < b and c > d", "a < b and c > d"),
            ("snake_case * 2 * 3 [x]", "snake_case * 2 * 3 [x]"),
            ("un<b>believ</b>able<b> x </b>y", "un**believ**able **x** y"),
            ("bro<b>ken <i>nest</b>ing</i>", "bro**ken _nest_**_ing_"),
            (
                "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>",
                "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |",
            ),
            ("<ruby>漢<rt>かん</rt></ruby>", "漢(かん)"),
            ("<", "<"),
            ("<b>unclosed", "**unclosed**"),
        ];
        let wrong: Vec<_> =
            cases.iter().map(|(html, expected)| (md(html), *expected)).filter(|(a, b)| a != b).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        let media = markdown("<img src=\"x.jpg\"> pic [sound:a.mp3]");
        assert_eq!((media.text.as_str(), media.pictures, media.sounds), ("(picture x.jpg) pic", 1, 1));
    }

    #[test]
    fn markdown_becomes_the_html_of_fields() {
        let cases = [
            ("Plain **b** *i* `c<d`", "Plain <b>b</b> <i>i</i> <code>c&lt;d</code>"),
            ("one\n\ntwo", "<p>one</p><p>two</p>"),
            ("a\\\nb", "a<br>b"),
            ("- one\n- two\n  1. deep", "<ul><li>one</li><li>two<ol><li>deep</li></ol></li></ul>"),
            ("```sh\nls <x>\n```", "<pre><code class=\"language-sh\">ls &lt;x&gt;</code></pre>"),
            ("[a](https://b.org)", "<a href=\"https://b.org\">a</a>"),
            ("a \\<script> & b", "a &lt;script&gt; &amp; b"),
        ];
        for (text, expected) in cases {
            assert_eq!(html(text), expected, "{text}");
        }
    }

    #[test]
    fn gaps_keep_their_place() {
        let marked = |text: &str| text.replace('{', "\u{e000}").replace('}', "\u{e001}");
        let cases = [
            ("The {sky} is {blue}(ish) [no].", "The [sky] is [blue]\\(ish) \\[no\\]."),
            ("<code>a{b}c</code>!{x}", "`a`[`b`]`c`\\![x]"),
            ("<b>{a}</b> <a href='https://x.org'>{l}</a>", "**[a]** [l]"),
        ];
        let odd = cloze_html("[\n~~~]");
        assert_eq!(odd, marked("{<br>~~~}"));
        for (html, expected) in cases {
            let text = cloze(&marked(html)).text;
            assert_eq!(text, expected);
            assert_eq!(cloze(&cloze_html(&text)).text, expected);
        }
    }

    #[test]
    fn text_is_escaped_line_for_line() {
        let text = "Q: a <b> {#x}\nA:\n  - b & c";
        assert_eq!(unescape(&escape(text)), text);
        assert_eq!(unescape("a<div>b</div><i>c</i>&nbsp;d"), "a\nb\nc d");
    }

    fn tags() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            3 => "[a-z *_`~#|\\[\\]\\\\!<>&:=.0-9-]{0,8}",
            1 => "\\PC{0,6}",
            4 => prop::sample::select(vec![
                "<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "<br>", "<div>", "</div>", "<ul>", "</ul>", "<ol>",
                "</ol>", "<li>", "</li>", "<p>", "</p>", "<pre>", "</pre>", "<blockquote>", "</blockquote>", "&lt;",
                "&amp;", "&nbsp;", "<a href='https://a.org/x y'>", "</a>", "<hr>", "<table>", "<tr>", "<td>", "</table>",
                "<s>", "</s>", "<script>", "<h1>", "</h1>", "\n", "Q: ", "---", "```", "1. ", "- ", "\u{1b}[2J", "<img>",
            ]).prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn html_to_markdown_and_back_is_a_fixed_point(source in tags()) {
            let first = md(&source);
            prop_assert!(!first.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert_eq!(md(&html(&first)), first.clone());
            prop_assert_eq!(guard(&first), first);
        }

        #[test]
        fn markdown_to_html_settles(source in nasty()) {
            let first = md(&html(&guard(&source)));
            prop_assert_eq!(md(&html(&first)), first);
        }
    }
}
