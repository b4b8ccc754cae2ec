//! What the checks need to know of a Rust file: its functions, its lines of code, the names it uses.
//!
//! Lexed, not parsed: token trees tell where a brace closes and what is a comment, and need no grammar.
//! What only tests compile is left out.

use crate::text::Text;
use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// One Rust file without its tests.
pub(crate) struct Rust<'t> {
    /// The file.
    pub(crate) text: &'t Text,
    /// Functions, in the order they begin.
    pub(crate) functions: Vec<Function>,
    /// Paths and macros used: `std::fs::read`, `println!`.
    pub(crate) names: Vec<Name>,
    /// Lines that hold code: no comment, no blank, no table excepted from the sizes.
    pub(crate) code_lines: usize,
}

/// A function's size.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// Line of the word `fn`.
    pub(crate) line: usize,
    /// Lines from there to the closing brace.
    pub(crate) lines: usize,
    /// A `// size: reason` stands above it.
    pub(crate) excepted: bool,
}

/// A name in the code.
pub(crate) struct Name {
    /// As written, with `use` trees spread out.
    pub(crate) path: String,
    /// Where.
    pub(crate) line: usize,
}

/// Reads every Rust file that is no test, whether by its folder or by `#[cfg(test)]` where it is declared.
///
/// # Errors
/// The path of a file that is no Rust, with what is wrong: the compiler will say it better.
pub(crate) fn read(texts: &[Text]) -> Result<Vec<Rust<'_>>, String> {
    let mut files = Vec::new();
    let mut only_tests = BTreeSet::new();
    for text in texts.iter().filter(|text| text.ends_in(".rs") && !is_test_path(&text.path)) {
        let stream: TokenStream = text.body.parse().map_err(|error| format!("{}: {error}", text.path))?;
        let mut reader = Reader::new(text);
        reader.stream(stream);
        only_tests.extend(reader.test_modules.iter().map(|module| module_path(&text.path, module)));
        files.push(reader.finish());
    }
    let in_test_module = |path: &str| {
        let stem = path.strip_suffix(".rs").unwrap_or(path);
        only_tests.iter().any(|module| {
            stem.strip_prefix(module.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    files.retain(|file| !in_test_module(&file.text.path));
    Ok(files)
}

/// Integration tests, benchmarks and examples are by their folder no part of the product.
fn is_test_path(path: &str) -> bool {
    path.split('/').any(|folder| matches!(folder, "tests" | "benches" | "examples"))
}

/// The path, without `.rs`, of a module declared in this file.
fn module_path(declared_in: &str, module: &str) -> String {
    let stem = declared_in.strip_suffix(".rs").unwrap_or(declared_in);
    let (folder, file) = stem.rsplit_once('/').unwrap_or(("", stem));
    if matches!(file, "lib" | "main" | "mod") {
        format!("{folder}/{module}")
    } else {
        format!("{stem}/{module}")
    }
}

struct Reader<'t> {
    text: &'t Text,
    functions: Vec<Function>,
    names: Vec<Name>,
    lines: BTreeSet<usize>,
    test_modules: Vec<String>,
    /// `#![cfg(test)]` at the top.
    only_tests: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t Text) -> Self {
        Self {
            text,
            functions: Vec::new(),
            names: Vec::new(),
            lines: BTreeSet::new(),
            test_modules: Vec::new(),
            only_tests: false,
        }
    }

    fn finish(mut self) -> Rust<'t> {
        if self.only_tests {
            self.functions.clear();
            self.names.clear();
            self.lines.clear();
        }
        for table in self.functions.iter().filter(|function| function.excepted) {
            for line in table.line..table.line + table.lines {
                self.lines.remove(&line);
            }
        }
        Rust { text: self.text, functions: self.functions, names: self.names, code_lines: self.lines.len() }
    }

    fn stream(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        self.tokens(&tokens, "");
    }

    /// Walks one level of tokens; `prefix` is the path in front of a brace in a `use` tree.
    fn tokens(&mut self, tokens: &[TokenTree], prefix: &str) {
        let mut rest = tokens;
        while let Some((first, after)) = rest.split_first() {
            if let Some((attribute, after)) = attribute(rest) {
                rest = self.attribute(&attribute, rest, after);
                continue;
            }
            rest = match first {
                TokenTree::Ident(_) => self.word(rest, prefix),
                TokenTree::Group(group) => {
                    self.group(group, "");
                    after
                }
                TokenTree::Literal(literal) => {
                    self.lines.extend(literal.span().start().line..=literal.span().end().line);
                    after
                }
                TokenTree::Punct(punct) => {
                    self.lines.insert(punct.span().start().line);
                    after
                }
            };
        }
    }

    /// Takes in an attribute and hands back what follows it, which skips the item when it is a test.
    fn attribute<'r>(
        &mut self,
        attribute: &Attribute,
        whole: &'r [TokenTree],
        after: &'r [TokenTree],
    ) -> &'r [TokenTree] {
        if attribute.is_test && attribute.is_inner {
            self.only_tests = true;
        } else if attribute.is_test {
            let (item, after) = item(after);
            if let [.., TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Punct(_)] = item
                && word == "mod"
            {
                self.test_modules.push(name.to_string());
            }
            return after;
        }
        if !attribute.is_doc {
            for token in whole.get(..whole.len() - after.len()).unwrap_or_default() {
                self.lines.extend(token.span().start().line..=token.span().end().line);
            }
        }
        after
    }

    /// A word: a function's beginning, a path, a macro. Hands back what follows.
    fn word<'r>(&mut self, tokens: &'r [TokenTree], prefix: &str) -> &'r [TokenTree] {
        if let [TokenTree::Ident(word), TokenTree::Ident(name), after @ ..] = tokens
            && word == "fn"
        {
            self.function(word.span().start().line, name.to_string(), after);
        }
        let mut path = prefix.to_owned();
        let mut rest = tokens;
        let mut line = 0;
        while let [TokenTree::Ident(word), after @ ..] = rest {
            line = word.span().start().line;
            self.lines.insert(line);
            path.push_str(&word.to_string());
            rest = after;
            match after {
                [TokenTree::Punct(a), TokenTree::Punct(b), next @ ..] if is_path_separator(a, b) => {
                    path.push_str("::");
                    match next {
                        // A `use` tree: every branch carries the stem.
                        [TokenTree::Group(group), after @ ..] if group.delimiter() == Delimiter::Brace => {
                            self.group(group, &path);
                            return after;
                        }
                        [TokenTree::Ident(_), ..] => rest = next,
                        _ => {
                            rest = next;
                            break;
                        }
                    }
                }
                [TokenTree::Punct(bang), ..] if bang.as_char() == '!' && bang.spacing() == Spacing::Alone => {
                    path.push('!');
                    break;
                }
                _ => break,
            }
        }
        self.names.push(Name { path, line });
        rest
    }

    fn function(&mut self, line: usize, name: String, signature: &[TokenTree]) {
        for token in signature {
            match token {
                // A declaration in a trait or an extern block has no body.
                TokenTree::Punct(punct) if punct.as_char() == ';' => return,
                TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                    let lines = body.span_close().end().line + 1 - line;
                    let excepted = self.is_excepted(line);
                    self.functions.push(Function { name, line, lines, excepted });
                    return;
                }
                TokenTree::Punct(_) | TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Is there a `// size: reason` among the comments and attributes right above this line?
    fn is_excepted(&self, line: usize) -> bool {
        let above: Vec<&str> = self.text.body.lines().take(line - 1).map(str::trim_start).collect();
        above
            .iter()
            .rev()
            .take_while(|line| line.starts_with("//") || line.starts_with('#'))
            .any(|line| line.strip_prefix("// size:").is_some_and(|reason| !reason.trim().is_empty()))
    }

    fn group(&mut self, group: &Group, prefix: &str) {
        self.lines.insert(group.span_open().start().line);
        self.lines.insert(group.span_close().end().line);
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        self.tokens(&tokens, prefix);
    }
}

struct Attribute {
    is_inner: bool,
    is_doc: bool,
    is_test: bool,
}

/// The attribute that these tokens begin with, and what follows it.
fn attribute(tokens: &[TokenTree]) -> Option<(Attribute, &[TokenTree])> {
    let [TokenTree::Punct(hash), after @ ..] = tokens else { return None };
    if hash.as_char() != '#' {
        return None;
    }
    let (is_inner, after) = match after {
        [TokenTree::Punct(bang), after @ ..] if bang.as_char() == '!' => (true, after),
        _ => (false, after),
    };
    let [TokenTree::Group(group), after @ ..] = after else { return None };
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let words: Vec<String> = words(group.stream());
    let is = |word: &str| words.first().is_some_and(|first| first == word);
    let mentions = |word: &str| words.iter().any(|other| other == word);
    let is_test = is("test") || (is("cfg") && mentions("test") && !mentions("not"));
    Some((Attribute { is_inner, is_doc: is("doc"), is_test }, after))
}

/// Every word in a stream, however deep.
fn words(stream: TokenStream) -> Vec<String> {
    stream
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(word) => vec![word.to_string()],
            TokenTree::Group(group) => words(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => Vec::new(),
        })
        .collect()
}

/// The item, statement, field or variant that these tokens begin with, and what follows it.
fn item(tokens: &[TokenTree]) -> (&[TokenTree], &[TokenTree]) {
    let mut rest = tokens;
    while let Some((_, after)) = attribute(rest) {
        rest = after;
    }
    let leading = rest.iter().find_map(|token| match token {
        TokenTree::Ident(word) if word == "pub" || word == "unsafe" || word == "async" => None,
        TokenTree::Ident(word) => Some(word.to_string()),
        TokenTree::Group(_) => None,
        TokenTree::Punct(_) | TokenTree::Literal(_) => Some(String::new()),
    });
    let end = match leading.as_deref() {
        Some("use" | "static" | "let" | "type") => Ends::Semicolon,
        Some("fn" | "mod" | "impl" | "struct" | "enum" | "trait" | "const" | "extern" | "macro_rules") => {
            Ends::SemicolonOrBrace
        }
        Some(_) | None => Ends::Comma,
    };
    let length = rest.iter().position(|token| end.at(token)).map_or(rest.len(), |index| index + 1);
    rest.split_at(length)
}

/// What an item runs up to.
enum Ends {
    Semicolon,
    SemicolonOrBrace,
    Comma,
}

impl Ends {
    fn at(&self, token: &TokenTree) -> bool {
        match token {
            TokenTree::Punct(punct) => match self {
                Self::Semicolon | Self::SemicolonOrBrace => punct.as_char() == ';',
                Self::Comma => matches!(punct.as_char(), ',' | ';'),
            },
            TokenTree::Group(group) => {
                matches!(self, Self::SemicolonOrBrace | Self::Comma) && group.delimiter() == Delimiter::Brace
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        }
    }
}

fn is_path_separator(a: &proc_macro2::Punct, b: &proc_macro2::Punct) -> bool {
    a.as_char() == ':' && a.spacing() == Spacing::Joint && b.as_char() == ':'
}

#[cfg(test)]
mod tests {
    use super::{Rust, read};
    use crate::text::Text;

    fn text(path: &str, body: &str) -> Text {
        Text { path: path.to_owned(), body: body.to_owned() }
    }

    fn with<T>(body: &str, look: impl FnOnce(&Rust<'_>) -> T) -> T {
        let texts = [text("core/x/src/a.rs", body)];
        look(read(&texts).unwrap().first().unwrap())
    }

    #[test]
    fn lines_of_code_are_those_with_code() {
        let count = |body: &str| with(body, |file| file.code_lines);
        assert_eq!(count("//! Doc.\n\n// why\nconst A: u8 = 1;\n"), 1);
        assert_eq!(count("/// Doc.\n#[must_use]\nfn a() -> u8 {\n    /* why */\n    1\n}\n"), 4);
        assert_eq!(count("const A: &str = \"one\ntwo\nthree\";\n"), 3);
        assert_eq!(count("const A: u8 = 1;\n#[cfg(test)]\nmod tests {\n    fn a() {}\n}\n"), 1);
        assert_eq!(count("use a::b;\n#[cfg(test)]\nuse a::{c, d};\nfn x() {}\n"), 2);
        assert_eq!(count("#[cfg(not(test))]\nfn x() {}\n"), 2);
        assert_eq!(count("// size: one table\nfn x() {\n    1\n}\nfn y() {}\n"), 1);
    }

    #[test]
    fn a_function_runs_to_its_closing_brace() {
        let body = "impl A {\n    const fn a<T, const N: usize>(x: [u8; { 1 }]) -> u8\n    where\n        T: B,\n    {\n        '}' as u8\n    }\n    fn b(&self);\n}\n";
        let found = with(body, |file| {
            file.functions.iter().map(|f| (f.name.clone(), f.line, f.lines)).collect::<Vec<_>>()
        });
        assert_eq!(found, [("a".to_owned(), 2, 6)]);
    }

    #[test]
    fn use_trees_are_spread_out_and_macros_marked() {
        let body =
            "use std::{fs::{self, File}, io};\nfn a() { println!(\"{}\", io::stdout()); if a != b {} }\n";
        let names = with(body, |file| file.names.iter().map(|n| n.path.clone()).collect::<Vec<_>>());
        for name in ["std::fs::self", "std::fs::File", "std::io", "println!", "io::stdout"] {
            assert!(names.iter().any(|n| n == name), "{name} not in {names:?}");
        }
        assert!(!names.iter().any(|n| n == "a!"), "an inequality is no macro: {names:?}");
    }

    #[test]
    fn modules_only_tests_compile_are_no_part_of_the_product() {
        let texts = [
            text("core/x/src/lib.rs", "#[cfg(test)]\nmod worked;\nmod real;\n"),
            text("core/x/src/real.rs", "#[cfg(test)]\npub(crate) mod deep;\n"),
            text("core/x/src/real/deep.rs", "fn a() {}\n"),
            text("core/x/src/worked.rs", "fn a() {}\n"),
            text("core/x/tests/all.rs", "fn a() {}\n"),
        ];
        let paths: Vec<&str> = read(&texts).unwrap().iter().map(|file| file.text.path.as_str()).collect();
        assert_eq!(paths, ["core/x/src/lib.rs", "core/x/src/real.rs"]);
    }
}
