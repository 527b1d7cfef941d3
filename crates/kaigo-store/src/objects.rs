//! Documents: content-addressed, encrypted at rest, in a folder (or any object store behind the same door).
//!
//! The name of an object is the SHA-256 of its plain bytes; what lies on disk is AES-256-GCM over them under the data key,
//! with the name as associated data, so that objects cannot be swapped for one another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::db::Error;

/// The key under which data is sealed at rest.
#[derive(Clone)]
pub struct DataKey(LessSafeKey);

impl DataKey {
    /// Takes 32 bytes of key.
    pub fn new(bytes: &[u8; 32]) -> Result<Self, Error> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| Error::Broken("bad data key".to_owned()))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals bytes for a place: they can only be opened for the same place.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let mut nonce = [0_u8; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| Error::Broken("no randomness".to_owned()))?;
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut sealed)
            .map_err(|_| Error::Broken("sealing failed".to_owned()))?;
        let mut out = nonce.to_vec();
        out.append(&mut sealed);
        Ok(out)
    }

    /// Opens what [`DataKey::seal`] made for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let damaged = || Error::Broken("sealed data does not open: damaged, or another key".to_owned());
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut body = body.to_vec();
        let plain = self.0.open_in_place(nonce, Aad::from(place.as_bytes()), &mut body).map_err(|_| damaged())?;
        Ok(plain.to_vec())
    }
}

/// The store of documents.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    key: DataKey,
    folder: PathBuf,
}

impl Objects {
    /// Opens a folder; makes it if missing.
    pub fn folder(path: &Path, key: DataKey) -> Result<Self, Error> {
        std::fs::create_dir_all(path).map_err(|e| Error::Broken(e.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(|e| Error::Broken(e.to_string()))?.with_fsync(true);
        Ok(Self { store: Arc::new(store), key, folder: path.to_owned() })
    }

    /// A folder beside the documents for files that a job unpacks and takes away again.
    pub fn scratch(&self) -> PathBuf {
        self.folder.join("scratch")
    }

    /// Keeps a document and answers its name; a document that is there already is not written again.
    pub async fn put(&self, plain: &[u8]) -> Result<String, Error> {
        let name = sha256_hex(plain);
        let sealed = self.key.seal(&name, plain)?;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&path(&name), sealed.into(), options).await {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(name),
            Err(e) => Err(Error::Broken(e.to_string())),
        }
    }

    /// The bytes of a document, checked against its name.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let sealed = match self.store.get(&path(name)).await {
            Ok(found) => found.bytes().await.map_err(|e| Error::Broken(e.to_string()))?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(e) => return Err(Error::Broken(e.to_string())),
        };
        let plain = self.key.open(name, &sealed)?;
        if sha256_hex(&plain) == name {
            Ok(Some(plain))
        } else {
            Err(Error::Broken("a document is damaged".to_owned()))
        }
    }
}

fn path(name: &str) -> object_store::path::Path {
    let folder = name.get(..2).unwrap_or("00");
    object_store::path::Path::from_iter(["documents", folder, name])
}

/// SHA-256 as 64 hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    digest::digest(&digest::SHA256, bytes).as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
