package dev.rszshm.structures.internal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
  @TempDir private Path directory;

  private static void allow(Path path, String permissions) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private Optional<Path> find() {
    return CacheDirectory.find("", Map.of("XDG_CACHE_HOME", directory.resolve("c").toString()));
  }

  @Test
  void isMadeForTheUserAlone() throws Exception {
    Path found = find().orElseThrow();
    assertEquals(directory.toRealPath().resolve("c").resolve("rszshm"), found);
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(found)));
    assertEquals(Optional.of(found), find());
  }

  @Test
  void isOneThatIsAskedFor() throws Exception {
    Path asked = directory.resolve("asked");
    assertEquals(
        Optional.of(directory.toRealPath().resolve("asked")),
        CacheDirectory.find(asked.toString(), Map.of()));
    assertTrue(CacheDirectory.find(CacheDirectory.OFF, Map.of()).isEmpty());
  }

  @Test
  void directoryThatOthersCanWriteIsNotUsed() throws Exception {
    Path asked = Files.createDirectory(directory.resolve("open"));
    allow(asked, "rwxrwxrwx");
    assertTrue(CacheDirectory.find(asked.toString(), Map.of()).isEmpty());
  }

  @Test
  void directoryThatOthersCanReplaceIsNotUsed() throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    allow(open, "rwxrwxrwx");
    assertTrue(CacheDirectory.find(open.resolve("within").toString(), Map.of()).isEmpty());
  }

  @Test
  void fileInItsPlaceIsNotUsed() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertTrue(CacheDirectory.find(file.toString(), Map.of()).isEmpty());
    assertTrue(CacheDirectory.find(file.resolve("x").toString(), Map.of()).isEmpty());
  }

  @Test
  void otherUserIsNotTrusted() throws Exception {
    // Only root can give a directory to somebody.
    Path asked = Files.createDirectory(directory.resolve("foreign"));
    try {
      Files.setAttribute(asked, "unix:uid", 12_345);
    } catch (FileSystemException notRoot) {
      return;
    }
    assertTrue(CacheDirectory.find(asked.toString(), Map.of()).isEmpty());
  }
}
