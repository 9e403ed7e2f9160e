package dev.rszshm.cli.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds files that may be heaps. */
public final class HeapFiles {
  /** Where heaps are unless somebody says otherwise. */
  public static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private static final long LEAST_LENGTH = 4096;
  private static final int MOST = 100_000;

  private HeapFiles() {}

  /**
   * Returns the regular files of a directory and of the directories in it, in order. Symbolic links
   * are not followed, and what cannot be read is not there.
   *
   * @param unreadable gets the directories that may not be read
   */
  public static List<Path> in(Path directory, List<Path> unreadable) {
    TreeSet<Path> found = new TreeSet<>();
    add(directory, true, found, unreadable);
    return new ArrayList<>(found);
  }

  private static void add(
      Path directory, boolean descends, Set<Path> found, List<Path> unreadable) {
    if (!Files.isDirectory(directory)) { // a pipe would be waited for
      unreadable.add(directory);
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (found.size() >= MOST) {
          return;
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          if (descends) {
            add(entry, false, found, unreadable);
          }
        } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
            && Files.size(entry) >= LEAST_LENGTH) {
          found.add(entry);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        unreadable.add(directory); // otherwise it has vanished
      }
    }
  }
}
