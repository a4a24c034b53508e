//! Writes ONNX models: the few messages of the format that our networks need, in the order of the schema,
//! so that the same network always gives the same bytes.
//!
//! Field numbers are those of `onnx.proto3` (ONNX 1.12, the first with operator set 17).

/// The format's version and the operators' version that models are written in: the newest that inference
/// libraries of the last years all read.
const IR_VERSION: i64 = 8;
const OPSET_VERSION: i64 = 17;

/// `TensorProto.DataType.FLOAT`.
const FLOAT: i64 = 1;

/// One side of a tensor's shape.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Dim<'a> {
    /// Always this long.
    Fixed(i64),
    /// As long as the caller likes, under this name.
    Named(&'a str),
}

/// A graph under construction; nodes are added in the order in which they run.
#[derive(Debug)]
pub(crate) struct Graph {
    name: String,
    nodes: Vec<Message>,
    weights: Vec<Message>,
    inputs: Vec<Message>,
    outputs: Vec<Message>,
    metadata: Vec<Message>,
    /// How many names were made up.
    named: usize,
}

impl Graph {
    /// An empty graph.
    pub(crate) fn new(name: &str) -> Self {
        let (nodes, weights, inputs, outputs, metadata) = Default::default();
        Self { name: name.to_owned(), nodes, weights, inputs, outputs, metadata, named: 0 }
    }

    /// Declares an input of floats.
    pub(crate) fn input(&mut self, name: &str, shape: &[Dim<'_>]) {
        self.inputs.push(value(name, shape));
    }

    /// Declares an output of floats.
    pub(crate) fn output(&mut self, name: &str, shape: &[Dim<'_>]) {
        self.outputs.push(value(name, shape));
    }

    /// Adds a text that goes with the model.
    pub(crate) fn metadata(&mut self, key: &str, text: &str) {
        let mut entry = Message::default();
        entry.bytes(1, key.as_bytes());
        entry.bytes(2, text.as_bytes());
        self.metadata.push(entry);
    }

    /// Adds a constant of floats, the last side of its shape running fastest; the answer is its name.
    ///
    /// # Panics
    /// If the number of values is not the shape's: the caller has checked what it read.
    pub(crate) fn constant(&mut self, shape: &[usize], values: &[f32]) -> String {
        let name = self.fresh_name("w");
        self.weights(&name, shape, values);
        name
    }

    /// Adds an operator with one output; its attributes are lists of numbers, or one number. The answer is the
    /// output's name.
    pub(crate) fn then(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[(&str, Attribute<'_>)],
    ) -> String {
        let output = self.fresh_name("n");
        self.node(operator, inputs, &output, attributes);
        output
    }

    /// Adds the operator that leaves nothing below zero.
    pub(crate) fn relu(&mut self, input: &str) -> String {
        self.then("Relu", &[input], &[])
    }

    /// As [`Graph::then`], with a name for the output.
    pub(crate) fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, Attribute<'_>)],
    ) {
        let mut node = Message::default();
        for input in inputs {
            node.bytes(1, input.as_bytes());
        }
        node.bytes(2, output.as_bytes());
        node.bytes(3, output.as_bytes());
        node.bytes(4, operator.as_bytes());
        for (name, attribute) in attributes {
            node.message(5, &attribute.named(name));
        }
        self.nodes.push(node);
    }

    /// The model's bytes, with `producer` as the name of the program that made it.
    pub(crate) fn into_model(self, producer: &str) -> Vec<u8> {
        let mut graph = Message::default();
        let fields = [(1, self.nodes), (5, self.weights), (11, self.inputs), (12, self.outputs)];
        for (field, messages) in fields {
            for message in &messages {
                graph.message(field, message);
            }
            if field == 1 {
                graph.bytes(2, self.name.as_bytes());
            }
        }
        let mut opset = Message::default();
        opset.bytes(1, b"");
        opset.int(2, OPSET_VERSION);
        let mut model = Message::default();
        model.int(1, IR_VERSION);
        model.bytes(2, producer.as_bytes());
        model.message(7, &graph);
        model.message(8, &opset);
        for entry in &self.metadata {
            model.message(14, entry);
        }
        model.0
    }

    fn weights(&mut self, name: &str, shape: &[usize], values: &[f32]) {
        assert_eq!(shape.iter().product::<usize>(), values.len(), "the shape of {name}");
        let mut tensor = Message::default();
        let shape: Vec<i64> = shape.iter().map(|side| *side as i64).collect();
        tensor.packed(1, &shape);
        tensor.int(2, FLOAT);
        tensor.bytes(8, name.as_bytes());
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        tensor.bytes(9, &raw);
        self.weights.push(tensor);
    }

    fn fresh_name(&mut self, prefix: &str) -> String {
        self.named += 1;
        format!("{prefix}{}", self.named)
    }
}

/// What an operator is told besides its inputs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Attribute<'a> {
    /// One whole number.
    Int(i64),
    /// Several.
    Ints(&'a [i64]),
}

impl Attribute<'_> {
    fn named(self, name: &str) -> Message {
        let mut message = Message::default();
        message.bytes(1, name.as_bytes());
        match self {
            Self::Int(value) => {
                message.int(3, value);
                message.int(20, 2);
            }
            Self::Ints(values) => {
                message.packed(8, values);
                message.int(20, 7);
            }
        }
        message
    }
}

/// A `ValueInfoProto` of floats.
fn value(name: &str, shape: &[Dim<'_>]) -> Message {
    let mut sides = Message::default();
    for dim in shape {
        let mut side = Message::default();
        match dim {
            Dim::Fixed(length) => side.int(1, *length),
            Dim::Named(name) => side.bytes(2, name.as_bytes()),
        }
        sides.message(1, &side);
    }
    let mut tensor = Message::default();
    tensor.int(1, FLOAT);
    tensor.message(2, &sides);
    let mut kind = Message::default();
    kind.message(1, &tensor);
    let mut value = Message::default();
    value.bytes(1, name.as_bytes());
    value.message(2, &kind);
    value
}

/// A protobuf message as its bytes.
#[derive(Debug, Default)]
struct Message(Vec<u8>);

impl Message {
    fn int(&mut self, field: u64, value: i64) {
        self.varint(field << 3);
        self.varint(value.cast_unsigned());
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn message(&mut self, field: u64, message: &Message) {
        self.bytes(field, &message.0);
    }

    fn packed(&mut self, field: u64, values: &[i64]) {
        let mut list = Message::default();
        for value in values {
            list.varint(value.cast_unsigned());
        }
        self.message(field, &list);
    }

    /// Seven bits a byte, the lowest first, the top bit set on all but the last.
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_graph_gives_the_bytes_that_protobuf_prescribes() {
        let mut graph = Graph::new("g");
        graph.input("x", &[Dim::Named("T"), Dim::Fixed(300)]);
        graph.output("y", &[Dim::Fixed(1)]);
        graph.weights("w", &[2], &[1.0, -2.0]);
        graph.node("Op", &["x", "w"], "y", &[("k", Attribute::Int(-1)), ("p", Attribute::Ints(&[0, 200]))]);
        graph.metadata("k", "v");
        let node: &[u8] = b"\x0a\x01x\x0a\x01w\x12\x01y\x1a\x01y\x22\x02Op\
            \x2a\x11\x0a\x01k\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xa0\x01\x02\
            \x2a\x0b\x0a\x01p\x42\x03\x00\xc8\x01\xa0\x01\x07";
        let weights: &[u8] = b"\x0a\x01\x02\x10\x01\x42\x01w\x4a\x08\x00\x00\x80\x3f\x00\x00\x00\xc0";
        let input: &[u8] = b"\x0a\x01x\x12\x10\x0a\x0e\x08\x01\x12\x0a\x0a\x03\x12\x01T\x0a\x03\x08\xac\x02";
        let output: &[u8] = b"\x0a\x01y\x12\x0a\x0a\x08\x08\x01\x12\x04\x0a\x02\x08\x01";
        let mut expected = b"\x08\x08\x12\x01p\x3a".to_vec();
        let lengths = [node.len(), 1, weights.len(), input.len(), output.len()];
        expected.push(lengths.iter().map(|length| length + 2).sum::<usize>() as u8);
        for (tag, part) in [(0x0a, node), (0x12, b"g"), (0x2a, weights), (0x5a, input), (0x62, output)] {
            expected.extend([tag, part.len() as u8]);
            expected.extend(part);
        }
        expected.extend(b"\x42\x04\x0a\x00\x10\x11");
        expected.extend(b"\x72\x06\x0a\x01k\x12\x01v");
        assert_eq!(graph.into_model("p"), expected);
    }
}
