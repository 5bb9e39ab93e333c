//! Colours of code blocks, by the syntaxes of `bat`. Nothing is loaded before the first block is asked for.

use std::sync::OnceLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use crate::theme::Role;
use crate::ui::prose::Colours;

/// Longer code stays plain: colours are a help and not worth a wait.
const LONGEST: usize = 256 * 1024;

fn syntaxes() -> &'static SyntaxSet {
    static SET: OnceLock<SyntaxSet> = OnceLock::new();
    SET.get_or_init(two_face::syntax::extra_newlines)
}

/// The colours of a text in a language; nothing when the language is not known.
#[must_use]
pub fn colours(language: &str, text: &str) -> Colours {
    let set = syntaxes();
    let Some(syntax) = known(language).then(|| set.find_syntax_by_token(language)).flatten() else { return Vec::new() };
    if text.len() > LONGEST {
        return Vec::new();
    }
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut out = Vec::new();
    for line in text.lines() {
        let mut spans: Vec<(usize, Role)> = Vec::new();
        let mut from = 0;
        let with_end = format!("{line}\n");
        let Ok(parsed) = state.parse_line(&with_end, set) else { return out };
        for (to, change) in parsed {
            let to = to.min(line.len());
            if to > from {
                spans.push((to - from, role(&stack)));
                from = to;
            }
            if stack.apply(&change).is_err() {
                return out;
            }
        }
        if from < line.len() {
            spans.push((line.len() - from, role(&stack)));
        }
        out.push(spans);
    }
    out
}

fn known(language: &str) -> bool {
    !["", "text", "txt", "plain", "console", "output"].contains(&language)
}

fn role(stack: &ScopeStack) -> Role {
    stack.as_slice().iter().rev().find_map(|scope| named(*scope)).unwrap_or(Role::Block)
}

fn named(scope: Scope) -> Option<Role> {
    const NAMES: [(&str, Role); 15] = [
        ("comment", Role::SyntaxComment),
        ("entity.name.tag", Role::SyntaxName),
        ("meta.mapping.key", Role::SyntaxName),
        ("support.type.property-name", Role::SyntaxName),
        ("string", Role::SyntaxString),
        ("constant.numeric", Role::SyntaxNumber),
        ("constant", Role::SyntaxNumber),
        ("entity.name.function", Role::SyntaxFunction),
        ("support.function", Role::SyntaxFunction),
        ("variable.function", Role::SyntaxFunction),
        ("entity.name", Role::SyntaxType),
        ("support.type", Role::SyntaxType),
        ("keyword", Role::SyntaxKeyword),
        ("storage", Role::SyntaxKeyword),
        ("variable", Role::SyntaxName),
    ];
    static SCOPES: OnceLock<Vec<(Scope, Role)>> = OnceLock::new();
    let scopes =
        SCOPES.get_or_init(|| NAMES.iter().filter_map(|(name, role)| Some((Scope::new(name).ok()?, *role))).collect());
    scopes.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|(_, role)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_of_the_course_have_colours() {
        let cases = [
            ("bash", "echo \"$HOME\" # home"),
            ("json", "{\"a\": 1}"),
            ("yaml", "a: 1 # one"),
            ("python", "def f(): return 'x'"),
            ("typescript", "const x: number = 1;"),
            ("dockerfile", "FROM alpine:3 AS base"),
            ("hcl", "resource \"aws_lb\" \"x\" {}"),
        ];
        for (language, text) in cases {
            let colours = colours(language, text);
            let roles: Vec<Role> = colours.iter().flatten().map(|(_, role)| *role).collect();
            assert!(roles.iter().any(|role| *role != Role::Block), "{language}: {colours:?}");
            let bytes: usize = colours.iter().flatten().map(|(bytes, _)| bytes).sum();
            assert_eq!(bytes, text.len(), "{language}");
        }
        assert_eq!(colours("text", "plain"), Colours::new());
        assert_eq!(colours("no-such-language", "plain"), Colours::new());
    }
}
