//! An opinion as JSON: a draft, what is sent along, what was submitted. Fields by our numbers, answers as typed.

use std::collections::BTreeMap;

use kaigo_core::opinion::OpinionForm;
use serde::{Deserialize, Serialize};

use crate::Error;

/// Edition of the form.
pub const EDITION: &str = "2026-04";
/// Name of the format of submissions.
pub const FORMAT: &str = "kaigo-opinion/1";

/// A file that goes with an opinion; its bytes lie among the documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Its name, as chosen.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Media type, judged by its content.
    pub media: String,
    /// Bytes.
    pub size: i32,
}

/// What a draft holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The form.
    pub form: OpinionForm,
    /// Whether fields were copied from the previous opinion.
    pub copied: bool,
    /// A scanned or exported opinion.
    pub file: Option<FileInfo>,
    /// Whether the file is the opinion, and the boxes need not be filled.
    pub by_file: bool,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    edition: String,
    answers: BTreeMap<String, String>,
    copied: bool,
    file: Option<FileInfo>,
    by_file: bool,
}

impl Content {
    /// Only a form.
    pub fn of(form: OpinionForm) -> Self {
        Self { form, ..Self::default() }
    }

    /// As it is sealed.
    ///
    /// # Errors
    /// [`Error::Internal`], never in practice.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        let wire = Wire {
            edition: EDITION.to_owned(),
            answers: answers(&self.form),
            copied: self.copied,
            file: self.file.clone(),
            by_file: self.by_file,
        };
        serde_json::to_vec(&wire).map_err(|e| Error::Internal(e.to_string()))
    }

    /// Reads [`Content::bytes`].
    ///
    /// # Errors
    /// [`Error::Internal`] if it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let wire: Wire = serde_json::from_slice(bytes).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Self { form: form(&wire.answers), copied: wire.copied, file: wire.file, by_file: wire.by_file })
    }
}

fn answers(form: &OpinionForm) -> BTreeMap<String, String> {
    form.filled().map(|(id, text)| (id.to_owned(), text.to_owned())).collect()
}

fn form(answers: &BTreeMap<String, String>) -> OpinionForm {
    let mut form = OpinionForm::default();
    for (id, text) in answers {
        form.put(id, text);
    }
    form
}

/// What was submitted: the artefact, kept byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// [`FORMAT`].
    pub format: String,
    /// [`EDITION`].
    pub edition: String,
    /// The request.
    pub request_id: String,
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 申請番号.
    pub application_no: String,
    /// 医療機関コード.
    pub institution_no: String,
    /// 医療機関名.
    pub institution: String,
    /// Place among the submissions of the request, from 1.
    pub place: i32,
    /// SHA-256 of the submission before it, which was returned.
    pub corrects: Option<String>,
    /// The answers by our numbers.
    pub answers: BTreeMap<String, String>,
    /// A scanned or exported opinion.
    pub file: Option<FileInfo>,
    /// Whether the file is the opinion, and the boxes need not be filled.
    pub by_file: bool,
    /// When (RFC 3339, UTC).
    pub submitted_at: String,
    /// Who.
    pub submitted_by: String,
}

impl Submitted {
    /// As it is kept.
    ///
    /// # Errors
    /// [`Error::Internal`], never in practice.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(|e| Error::Internal(e.to_string()))
    }

    /// Reads [`Submitted::bytes`].
    ///
    /// # Errors
    /// [`Error::Internal`] if it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(bytes).map_err(|e| Error::Internal(e.to_string()))
    }

    /// The form.
    pub fn form(&self) -> OpinionForm {
        form(&self.answers)
    }

    /// The answers of a form.
    pub fn answers_of(form: &OpinionForm) -> BTreeMap<String, String> {
        answers(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_read_back_with_whatever_was_typed() {
        let mut form = OpinionForm::default();
        form.put("1-3", "一行\n\"二行\"");
        form.put("0-1", "きのう");
        let file =
            FileInfo { name: "意見書.pdf".into(), sha256: "00".into(), media: "application/pdf".into(), size: 3 };
        let content = Content { form, copied: true, file: Some(file), by_file: true };
        assert_eq!(Content::read(&content.bytes().unwrap()).unwrap(), content);
        assert!(Content::read(b"{}").is_err() && Content::read(b"\xff").is_err());
    }
}
