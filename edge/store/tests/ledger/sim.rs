//! A disk that forgets what was not synced, tears what was being written, and fails when it is told to.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anning_store::disk::{Disk, File};

/// What goes wrong, counted in writing operations from when it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Before this operation the machine stops.
    CrashAt(u64),
    /// This operation fails: the device.
    Eio(u64),
    /// From this operation on there is no room.
    NoSpace(u64),
    /// This operation, if a write, writes half.
    Short(u64),
    /// This operation, if a sync, fails and loses what was pending; later syncs say all is well.
    LostSync(u64),
}

#[derive(Clone, Default)]
struct Inode {
    content: Vec<u8>,
    durable: Vec<u8>,
    /// Writes since the last sync.
    pending: Vec<(usize, Vec<u8>)>,
}

#[derive(Clone)]
enum NameOp {
    Put(PathBuf, usize),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf),
}

#[derive(Default)]
struct State {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    name_ops: Vec<NameOp>,
    folders: BTreeSet<PathBuf>,
    locked: BTreeSet<PathBuf>,
    ops: u64,
    fault: Option<Fault>,
    crashed: bool,
    read_only: bool,
}

/// The disk; clones are the same disk.
#[derive(Clone, Default)]
pub struct Sim(Arc<Mutex<State>>);

struct SimFile(Arc<Mutex<State>>, usize);
struct Lock(Arc<Mutex<State>>, PathBuf);

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.lock().unwrap().locked.remove(&self.1);
    }
}

fn crashed() -> io::Error {
    io::Error::other("the machine stopped")
}

impl State {
    /// Counts a writing operation; what goes wrong with it.
    fn op(&mut self) -> io::Result<Option<Fault>> {
        if self.crashed {
            return Err(crashed());
        }
        if self.read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        let at = self.ops;
        self.ops += 1;
        match self.fault {
            Some(Fault::CrashAt(n)) if n == at => {
                self.crashed = true;
                Err(crashed())
            }
            Some(Fault::Eio(n)) if n == at => Err(io::Error::from_raw_os_error(5)),
            Some(Fault::NoSpace(n)) if at >= n => Err(io::ErrorKind::StorageFull.into()),
            Some(fault @ (Fault::Short(n) | Fault::LostSync(n))) if n == at => Ok(Some(fault)),
            _ => Ok(None),
        }
    }

    fn apply(names: &mut BTreeMap<PathBuf, usize>, op: &NameOp) {
        match op {
            NameOp::Put(path, inode) => {
                names.insert(path.clone(), *inode);
            }
            NameOp::Remove(path) => {
                names.remove(path);
            }
            NameOp::Rename(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
        }
    }

    fn name(&mut self, op: NameOp) {
        Self::apply(&mut self.names, &op);
        self.name_ops.push(op);
    }

    fn sync_names(&mut self) {
        for op in std::mem::take(&mut self.name_ops) {
            Self::apply(&mut self.durable_names, &op);
        }
    }

    fn sync_inode(&mut self, inode: usize) {
        let inode = &mut self.inodes[inode];
        for (offset, bytes) in inode.pending.drain(..) {
            let end = offset + bytes.len();
            if inode.durable.len() < end {
                inode.durable.resize(end, 0);
            }
            inode.durable[offset..end].copy_from_slice(&bytes);
        }
        inode.durable.truncate(inode.content.len());
    }
}

impl Sim {
    /// Sets what goes wrong, counting from now.
    pub fn set(&self, fault: Option<Fault>) {
        let mut state = self.0.lock().unwrap();
        state.ops = 0;
        state.fault = fault;
    }

    pub fn create_folder_for_tests(&self, folder: &Path) {
        self.create_folder(folder).unwrap();
    }

    pub fn set_read_only(&self, read_only: bool) {
        self.0.lock().unwrap().read_only = read_only;
    }

    /// Starts the machine again: of what was not synced each write is there, missing or torn, as `draw` decides.
    pub fn restart(&self, draw: &mut dyn FnMut(u64) -> u64) {
        let mut state = self.0.lock().unwrap();
        let ops = std::mem::take(&mut state.name_ops);
        let kept = draw(ops.len() as u64 + 1) as usize;
        for op in &ops[..kept] {
            State::apply(&mut state.durable_names, op);
        }
        for inode in &mut state.inodes {
            let mut content = inode.durable.clone();
            for (offset, bytes) in std::mem::take(&mut inode.pending) {
                // A sector is written whole or not at all.
                let mut at = 0;
                let whole = draw(3);
                while at < bytes.len() {
                    let end = ((offset + at) / 512 + 1) * 512 - offset;
                    let end = end.min(bytes.len());
                    if whole == 0 || (whole == 1 && draw(2) == 0) {
                        if content.len() < offset + end {
                            content.resize(offset + end, 0);
                        }
                        content[offset + at..offset + end].copy_from_slice(&bytes[at..end]);
                    }
                    at = end;
                }
            }
            inode.content.clone_from(&content);
            inode.durable = content;
        }
        state.names = state.durable_names.clone();
        state.locked.clear();
        state.fault = None;
        state.crashed = false;
        state.ops = 0;
    }

    /// Every file with its bytes.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let state = self.0.lock().unwrap();
        state.names.iter().map(|(path, inode)| (path.clone(), state.inodes[*inode].content.clone())).collect()
    }

    /// Every byte there is, with those of files whose names are gone.
    pub fn everything(&self) -> Vec<Vec<u8>> {
        let state = self.0.lock().unwrap();
        state.inodes.iter().map(|inode| inode.content.clone()).collect()
    }

    /// Changes a file behind the ledger's back.
    pub fn change(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.0.lock().unwrap();
        let inode = state.names[path];
        let inode = &mut state.inodes[inode];
        change(&mut inode.content);
        inode.durable.clone_from(&inode.content);
    }

    /// Removes a file behind the ledger's back.
    pub fn lose(&self, path: &Path) {
        let mut state = self.0.lock().unwrap();
        state.names.remove(path);
        state.durable_names.remove(path);
    }

    /// A copy as a backup has it.
    pub fn copy(&self) -> Self {
        let state = self.0.lock().unwrap();
        let copy = State {
            inodes: state.inodes.clone(),
            names: state.names.clone(),
            durable_names: state.names.clone(),
            folders: state.folders.clone(),
            ..State::default()
        };
        Self(Arc::new(Mutex::new(copy)))
    }
}

impl Disk for Sim {
    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let mut state = self.0.lock().unwrap();
        state.op()?;
        if !path.parent().is_some_and(|parent| state.folders.contains(parent)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if state.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.inodes.push(Inode::default());
        let inode = state.inodes.len() - 1;
        state.name(NameOp::Put(path.to_path_buf(), inode));
        Ok(Arc::new(SimFile(Arc::clone(&self.0), inode)))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let state = self.0.lock().unwrap();
        if state.crashed {
            return Err(crashed());
        }
        let inode = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::new(SimFile(Arc::clone(&self.0), inode)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.op()?;
        if !state.names.contains_key(from) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.name(NameOp::Rename(from.to_path_buf(), to.to_path_buf()));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if !state.names.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.op()?;
        state.name(NameOp::Remove(path.to_path_buf()));
        Ok(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let state = self.0.lock().unwrap();
        if !state.folders.contains(folder) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inside = state.names.keys().filter(|path| path.parent() == Some(folder));
        Ok(inside.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect())
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if state.crashed {
            return Err(crashed());
        }
        let mut at = Some(folder);
        while let Some(folder) = at {
            state.folders.insert(folder.to_path_buf());
            at = folder.parent();
        }
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if let Some(Fault::LostSync(_)) = state.op()? {
            return Err(io::Error::from_raw_os_error(5));
        }
        state.sync_names();
        Ok(())
    }

    fn sync_all(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if let Some(Fault::LostSync(_)) = state.op()? {
            return Err(io::Error::from_raw_os_error(5));
        }
        let under: Vec<usize> = state
            .names
            .iter()
            .filter(|(path, _)| path.starts_with(folder))
            .map(|(_, inode)| *inode)
            .collect();
        under.into_iter().for_each(|inode| state.sync_inode(inode));
        state.sync_names();
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>> {
        let mut state = self.0.lock().unwrap();
        if state.crashed {
            return Err(crashed());
        }
        if !state.locked.insert(path.to_path_buf()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(Lock(Arc::clone(&self.0), path.to_path_buf())))
    }
}

impl File for SimFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let fault = state.op()?.filter(|fault| matches!(fault, Fault::Short(_)));
        let len = if fault.is_some() { bytes.len() / 2 } else { bytes.len() };
        let (inode, offset) = (&mut state.inodes[self.1], offset as usize);
        if inode.content.len() < offset + len {
            inode.content.resize(offset + len, 0);
        }
        inode.content[offset..offset + len].copy_from_slice(&bytes[..len]);
        inode.pending.push((offset, bytes[..len].to_vec()));
        if fault.is_some() { Err(io::ErrorKind::WriteZero.into()) } else { Ok(()) }
    }

    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        let state = self.0.lock().unwrap();
        if state.crashed {
            return Err(crashed());
        }
        let content = &state.inodes[self.1].content;
        let from = content.get(offset as usize..).unwrap_or(&[]);
        let n = from.len().min(bytes.len());
        bytes[..n].copy_from_slice(&from[..n]);
        Ok(n)
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        if let Some(Fault::LostSync(_)) = state.op()? {
            // As some kernels do: the pages are marked clean, and nobody is told again.
            let inode = &mut state.inodes[self.1];
            inode.pending.clear();
            return Err(io::Error::from_raw_os_error(5));
        }
        state.sync_inode(self.1);
        Ok(())
    }

    fn allocate(&self, len: u64) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.op()?;
        // The tests need no 64 MiB of zeros: a file reads as short, and grows as it is written.
        let inode = &mut state.inodes[self.1];
        inode.content.resize((len as usize).min(1 << 16), 0);
        inode.durable.resize((len as usize).min(1 << 16), 0);
        Ok(())
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        state.op()?;
        state.inodes[self.1].content.truncate(len as usize);
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        let state = self.0.lock().unwrap();
        if state.crashed {
            return Err(crashed());
        }
        Ok(state.inodes[self.1].content.len() as u64)
    }
}
