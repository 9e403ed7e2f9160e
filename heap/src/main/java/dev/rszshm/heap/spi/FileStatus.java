package dev.rszshm.heap.spi;

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
  public record Key(long device, long inode) {}
}
