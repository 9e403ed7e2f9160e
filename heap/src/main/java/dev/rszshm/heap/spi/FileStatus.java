package dev.rszshm.heap.spi;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows of a file.
 *
 * @param key device and inode: equal for the same file, whatever its names
 * @param length bytes in the file
 * @param owner user id of the owner
 * @param regular whether it is a regular file
 */
public record FileStatus(Key key, long length, int owner, boolean regular) {

  /** Identity of a file on this machine. */
  public record Key(long device, long inode) {
    // What a record has of its own is put together at its first use, which takes ten milliseconds
    // of the start of each process that attaches to a heap.

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && device == that.device && inode == that.inode;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(device) * 31 + Long.hashCode(inode);
    }
  }
}
