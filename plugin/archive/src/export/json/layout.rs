//! JSON laid out for people and for `diff`: one field of the document a line, one item of a list a line.

use serde::Serialize;
use serde_json::ser::Formatter;
use std::io::{self, Write};

/// How deep lines are broken: the document, and the lists in it.
const BROKEN_DEPTH: usize = 2;

pub(in crate::export) fn write(document: &impl Serialize) -> String {
    let mut json = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut json, Lines { depth: 0, empty: true });
    // Writing into memory what derives its shape has no way to fail.
    let _ = document.serialize(&mut serializer);
    json.push(b'\n');
    String::from_utf8(json).unwrap_or_default()
}

struct Lines {
    depth: usize,
    /// Whether nothing was written since the innermost bracket opened.
    empty: bool,
}

impl Lines {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        let broken = self.depth <= BROKEN_DEPTH && !self.empty;
        self.depth -= 1;
        self.empty = false;
        if broken {
            self.indent(writer)?;
        }
        writer.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.empty = false;
        match (first, self.depth <= BROKEN_DEPTH) {
            (true, true) => self.indent(writer),
            (false, true) => writer.write_all(b",").and_then(|()| self.indent(writer)),
            (true, false) => Ok(()),
            (false, false) => writer.write_all(b", "),
        }
    }

    fn indent<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.item(writer, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.item(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
