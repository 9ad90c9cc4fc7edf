//! In a container users have no names, and folders of the host's belong to whom the host says.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

/// What to type on the host where a folder of its is mounted here that belongs to somebody else;
/// `None` where this is no container, or the folder is ours.
pub(crate) fn hint(folder: &Path) -> Option<String> {
    let (own, found) = (fs::metadata("/proc/self").ok()?, fs::metadata(folder).ok()?);
    let is_container = !Path::new("/etc/passwd").exists();
    let is_of_another = found.uid() != own.uid() && own.uid() != 0;
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let owner = (own.uid(), own.gid());
    (is_container && is_of_another).then(|| command(owner, folder, &mounts))
}

/// The command, with the place on the host as Linux's `/proc/self/mountinfo` names it: from the root
/// of its file system on.
fn command((uid, gid): (u32, u32), folder: &Path, mounts: &str) -> String {
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(3);
        let (source, target) = (fields.next()?, fields.next()?);
        let inside = folder.strip_prefix(target).ok()?;
        (source != "/").then(|| (target.len(), Path::new(source).join(inside)))
    });
    let source = mounts.max_by_key(|(length, _)| *length).map(|(_, source)| source);
    let source = source.unwrap_or_else(|| "FOLDER".into());
    format!(
        "on the host type `chown -R {uid}:{gid} {}`, the folder that is {} here",
        source.display().to_string().trim_end_matches('/'),
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_the_host_is_named_as_the_system_knows_it() {
        let mounts = "\
            22 1 8:1 / / ro - overlay overlay rw\n\
            31 22 8:1 /srv/shop /data rw,nosuid - ext4 /dev/sda1 rw\n\
            32 22 8:1 /srv/other /database rw - ext4 /dev/sda1 rw\n";
        for (folder, named) in [
            ("/data", "`chown -R 10001:10001 /srv/shop`, the folder that is /data here"),
            ("/data/a", "`chown -R 10001:10001 /srv/shop/a`, the folder that is /data/a here"),
            ("/else", "`chown -R 10001:10001 FOLDER`, the folder that is /else here"),
        ] {
            let command = command((10001, 10001), Path::new(folder), mounts);
            assert_eq!(command, format!("on the host type {named}"));
        }
    }
}
