//! Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), with Ed25519.
//!
//! A checkpoint says: the log of this name had so many leaves and this root. Anybody can keep it, and a witness can sign it
//! beside the log, which makes two stories for two readers impossible to keep up.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::{Hash, sha256};

/// What a log says of itself at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log, as an address without a scheme: `kaigo.example/log/981019`.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree of that size.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0))
    }

    /// Reads the text of a note; none if it is no checkpoint. Further lines may follow.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty())?.to_owned();
        let size = lines.next()?;
        // One way to write a number: no sign, no zeros before it.
        let number: u64 = size.parse().ok()?;
        let root = STANDARD.decode(lines.next()?).ok()?;
        lines.next()?;
        (number.to_string() == size).then_some(())?;
        Some(Self { origin, size: number, root: Hash(root.try_into().ok()?) })
    }
}

/// Kind of a signature: the byte that goes into a key's identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of the log itself.
    Ed25519,
    /// Of a witness, with the time at which it saw the checkpoint.
    Cosignature,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Cosignature => 4,
        }
    }
}

/// Who may have signed: a name and a public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    /// Name, without spaces and plus signs.
    pub name: String,
    /// Kind of its signatures.
    pub kind: Kind,
    key: [u8; 32],
}

impl Verifier {
    /// A verifier; none if the name cannot stand in a note.
    pub fn new(name: &str, kind: Kind, key: [u8; 32]) -> Option<Self> {
        let fits = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+');
        fits.then(|| Self { name: name.to_owned(), kind, key })
    }

    /// The same key under another name: an installation signs all of its logs with one key.
    pub fn renamed(&self, name: &str) -> Option<Self> {
        Self::new(name, self.kind, self.key)
    }

    fn id(&self) -> [u8; 4] {
        let kind = [self.kind.byte()];
        let Hash([a, b, c, d, ..]) = sha256(&[self.name.as_bytes(), b"\n", &kind, &self.key].concat());
        [a, b, c, d]
    }

    /// As it is published: `name+id+key`.
    pub fn text(&self) -> String {
        let id = u32::from_be_bytes(self.id());
        let key = STANDARD.encode([&[self.kind.byte()][..], &self.key].concat());
        format!("{}+{id:08x}+{key}", self.name)
    }

    /// Reads a published verifier; none if it does not hold together.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '+');
        let (name, _, key) = (parts.next()?, parts.next()?, parts.next()?);
        let key = STANDARD.decode(key).ok()?;
        let (kind, key) = key.split_first()?;
        let kind = match kind {
            1 => Kind::Ed25519,
            4 => Kind::Cosignature,
            _ => return None,
        };
        let verifier = Self::new(name, kind, key.try_into().ok()?)?;
        (verifier.text() == text).then_some(verifier)
    }

    /// Whether the note carries a signature of this key over its text; of a witness, the second at which it signed.
    pub fn verify(&self, note: &Note) -> Option<u64> {
        note.signatures.iter().find_map(|signature| {
            let blob = signature.blob.strip_prefix(&self.id()).filter(|_| signature.name == self.name)?;
            let (time, signed, blob) = match self.kind {
                Kind::Ed25519 => (0, note.text.clone(), blob),
                Kind::Cosignature => {
                    let (time, blob) = blob.split_at_checked(8)?;
                    let time = u64::from_be_bytes(time.try_into().ok()?);
                    (time, cosigned(time, &note.text), blob)
                }
            };
            UnparsedPublicKey::new(&ED25519, &self.key).verify(signed.as_bytes(), blob).ok().map(|()| time)
        })
    }
}

fn cosigned(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// One signature of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    name: String,
    blob: Vec<u8>,
}

/// A text with signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// A note without signatures; none if the text does not end its last line.
    pub fn new(text: &str) -> Option<Self> {
        text.ends_with('\n').then(|| Self { text: text.to_owned(), signatures: Vec::new() })
    }

    /// The text that is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reads a note; none if it is no note. Signatures of unknown keys are kept.
    pub fn parse(note: &str) -> Option<Self> {
        let (text, signatures) = note.rsplit_once("\n\n")?;
        let mut out = Self::new(&format!("{text}\n"))?;
        for line in signatures.strip_suffix('\n')?.split('\n') {
            let (name, blob) = line.strip_prefix("— ")?.split_once(' ')?;
            let blob = STANDARD.decode(blob).ok().filter(|blob| blob.len() > 4)?;
            out.signatures.push(Signature { name: name.to_owned(), blob });
        }
        (!out.signatures.is_empty()).then_some(out)
    }

    /// The line of this key's signature, to be put under the same note elsewhere.
    pub fn line_of(&self, by: &Verifier) -> Option<String> {
        by.verify(self)?;
        let signature = self.signatures.iter().find(|s| s.name == by.name && s.blob.starts_with(&by.id()))?;
        Some(format!("— {} {}\n", signature.name, STANDARD.encode(&signature.blob)))
    }

    /// Signs as the log.
    pub fn sign(&mut self, name: &str, key: &Ed25519KeyPair) {
        let text = self.text.clone();
        self.add(name, Kind::Ed25519, key, &[], &text);
    }

    /// Signs as a witness at a second since 1970.
    pub fn cosign(&mut self, name: &str, key: &Ed25519KeyPair, time: u64) {
        let text = cosigned(time, &self.text);
        self.add(name, Kind::Cosignature, key, &time.to_be_bytes(), &text);
    }

    fn add(&mut self, name: &str, kind: Kind, key: &Ed25519KeyPair, before: &[u8], signed: &str) {
        let public: Option<[u8; 32]> = key.public_key().as_ref().try_into().ok();
        let Some(verifier) = public.and_then(|public| Verifier::new(name, kind, public)) else { return };
        let blob = [&verifier.id()[..], before, key.sign(signed.as_bytes()).as_ref()].concat();
        self.signatures.push(Signature { name: name.to_owned(), blob });
    }
}

impl core::fmt::Display for Note {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|s| writeln!(f, "— {} {}", s.name, STANDARD.encode(&s.blob)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(n: u8) -> (Ed25519KeyPair, [u8; 32]) {
        let key = Ed25519KeyPair::from_seed_unchecked(&[n; 32]).unwrap();
        let public = key.public_key().as_ref().try_into().unwrap();
        (key, public)
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "kaigo.example/log/981019".to_owned(), size: 42, root: sha256(b"root") }
    }

    #[test]
    fn a_checkpoint_is_signed_by_log_and_witness() {
        let ((log, log_public), (witness, witness_public)) = (key(1), key(2));
        let mut note = Note::new(&checkpoint().text()).unwrap();
        note.sign("kaigo.example/log/981019", &log);
        note.cosign("minatogawa.example/witness", &witness, 1_795_309_200);
        let read = Note::parse(&note.to_string()).unwrap();
        assert_eq!(read, note);
        assert_eq!(Checkpoint::parse(read.text()), Some(checkpoint()));
        let of_log = Verifier::new("kaigo.example/log/981019", Kind::Ed25519, log_public).unwrap();
        let of_witness = Verifier::new("minatogawa.example/witness", Kind::Cosignature, witness_public).unwrap();
        assert_eq!(of_log.verify(&read), Some(0));
        assert_eq!(of_witness.verify(&read), Some(1_795_309_200));
        // Another key under the same name, another name with the same key, another text.
        assert_eq!(
            Verifier::new("kaigo.example/log/981019", Kind::Ed25519, witness_public).unwrap().verify(&read),
            None
        );
        assert_eq!(Verifier::new("else.example", Kind::Ed25519, log_public).unwrap().verify(&read), None);
        let other = Note::parse(&note.to_string().replace("\n42\n", "\n43\n")).unwrap();
        assert_eq!((of_log.verify(&other), of_witness.verify(&other)), (None, None));
    }

    #[test]
    fn the_published_key_of_the_specification_reads() {
        // The example of golang.org/x/mod/sumdb/note, whose format C2SP signed-note describes.
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let verifier = Verifier::parse(text).unwrap();
        assert_eq!(verifier.text(), text);
        let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
                    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        assert_eq!(verifier.verify(&Note::parse(note).unwrap()), Some(0));
    }

    proptest! {
        #[test]
        fn any_text_is_a_note_or_not(text in ".{0,200}") {
            drop(Note::parse(&text));
            drop(Checkpoint::parse(&text));
            drop(Verifier::parse(&text));
        }

        #[test]
        fn checkpoints_read_back(size: u64, root: [u8; 32]) {
            let checkpoint = Checkpoint { origin: "kaigo.example".to_owned(), size, root: Hash(root) };
            prop_assert_eq!(Checkpoint::parse(&checkpoint.text()), Some(checkpoint));
        }
    }
}
