package dev.rszshm.testkit.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A new private directory for the files of a test. It is removed with all that is in it when it is
 * closed, and at the latest when this JVM ends, even if it is killed.
 */
public final class ScratchDirectory implements AutoCloseable {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final Path path;

  private ScratchDirectory(Path path) {
    this.path = path;
    Reaper.removeAtEnd(path);
  }

  /** Makes one where heaps usually live; on disk if this machine has no such place. */
  public static ScratchDirectory inMemory() {
    return Files.isWritable(SHARED_MEMORY) ? in(SHARED_MEMORY) : onDisk();
  }

  /** Makes one in the directory for temporary files. */
  public static ScratchDirectory onDisk() {
    return in(Path.of(System.getProperty("java.io.tmpdir")));
  }

  private static ScratchDirectory in(Path parent) {
    try {
      return new ScratchDirectory(Files.createTempDirectory(parent, "rszshm-test"));
    } catch (IOException e) {
      throw new WorkerError("cannot make a directory in " + parent, e);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      Files.walkFileTree(path, new Removal());
    } catch (NoSuchFileException gone) {
      // Somebody else has removed it.
    } catch (IOException e) {
      throw new WorkerError("cannot remove " + path, e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
