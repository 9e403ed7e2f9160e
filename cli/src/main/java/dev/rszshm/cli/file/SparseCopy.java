package dev.rszshm.cli.file;

import dev.rszshm.cli.file.DataRanges.Range;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Copies a file and keeps its holes. */
public final class SparseCopy {
  private static final String SUFFIX = ".part";

  private SparseCopy() {}

  /** What is run after the copy and before it gets its name; it may throw to have none made. */
  public interface Check {
    /** Looks whether the copy, which has a name of its own yet, is good, or changes it. */
    void run(Path unnamed) throws IOException;
  }

  /**
   * Copies a file to one that must not exist. It gets its name when it is complete and on the disk.
   * Until then it is a part, which is locked; parts of the same name that nobody has locked are
   * those of processes that were killed, and go.
   *
   * @return how many bytes were copied
   */
  public static long copy(Path from, Path to, Check check) throws IOException {
    Path directory = to.toAbsolutePath().getParent();
    if (directory == null) { // it is the root
      throw new FileAlreadyExistsException(to.toString());
    }
    removeAbandonedParts(directory, "." + to.getFileName());
    Path part = Files.createTempFile(directory, "." + to.getFileName(), SUFFIX);
    try {
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
      long copied;
      try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
          FileChannel target = FileChannel.open(part, Set.of(StandardOpenOption.WRITE));
          FileLock writing = target.lock()) {
        copied = copy(from, source, target);
        check.run(part);
        target.force(true);
      }
      Files.createLink(to, part); // fails if there is one
      return copied;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void removeAbandonedParts(Path directory, String prefix) {
    Pattern part = Pattern.compile(Pattern.quote(prefix) + "\\d+" + Pattern.quote(SUFFIX));
    try (Stream<Path> all = Files.list(directory)) {
      all.filter(file -> part.matcher(file.getFileName().toString()).matches())
          .forEach(SparseCopy::removeIfAbandoned);
    } catch (IOException | UncheckedIOException unreadable) {
      // Then they stay: the copy itself can be made.
    }
  }

  private static void removeIfAbandoned(Path part) {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
        FileLock abandoned = channel.tryLock()) {
      if (abandoned != null) {
        Files.deleteIfExists(part);
      }
    } catch (OverlappingFileLockException | IOException inUse) {
      // Another thread writes it; or it is another user's, or gone.
    }
  }

  private static long copy(Path from, FileChannel source, FileChannel target) throws IOException {
    long length = source.size();
    long copied = 0;
    for (Range range : DataRanges.of(from, length)) {
      target.position(range.from());
      long at = range.from();
      while (at < range.to()) {
        long step = source.transferTo(at, range.to() - at, target);
        if (step <= 0) {
          throw new EOFException(from + " was truncated while it was copied");
        }
        at += step;
        copied += step;
      }
    }
    if (target.size() < length) {
      target.write(java.nio.ByteBuffer.wrap(new byte[1]), length - 1);
    }
    return copied;
  }
}
