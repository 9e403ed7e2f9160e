package dev.rszshm.heap.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.ForkedJava;
import dev.rszshm.heap.faults.MountedTmpfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where jnr-ffi cannot unpack its library, the message says why and what to do. */
class NativeLibraryTest {
  @TempDir Path directory;

  @Test
  void missingDirectoryForTheLibraryIsExplained() throws Exception {
    explained(directory.resolve("missing"));
  }

  @Test
  void fileInThePlaceOfTheDirectoryIsExplained() throws Exception {
    explained(Files.createFile(directory.resolve("file")));
  }

  @Test
  void directoryMountedNoexecIsExplained() throws Exception {
    try (MountedTmpfs mounted = MountedTmpfs.mount(directory.resolve("noexec"), "noexec,size=8m")) {
      explained(mounted.path());
    }
  }

  private static void explained(Path unpacked) throws Exception {
    ForkedJava java =
        ForkedJava.run(List.of("-Djffi.extract.dir=" + unpacked), NativeLibraryMain.class);
    List<String> lines = java.output().lines().toList();
    assertEquals(2, lines.size(), java::output);
    for (String line : lines) {
      assertTrue(
          line.startsWith(
              "unsupported-platform: the native library of jnr-ffi could not be loaded ("),
          line);
      assertTrue(line.contains("It is unpacked into " + unpacked + " at each start"), line);
      assertTrue(line.endsWith("-Djava.io.tmpdir=DIRECTORY"), line);
      assertFalse(line.contains("()"), line);
    }
    assertEquals(0, java.status());
  }

  @Test
  void directoryThatEverybodyMayChangeIsRefused() throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    Path inside = Files.createDirectory(open.resolve("inside"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    for (Path place : List.of(open, inside)) {
      ForkedJava java =
          ForkedJava.run(List.of("-Djava.io.tmpdir=" + place), NativeLibraryMain.class);
      for (String line : java.output().lines().toList()) {
        assertTrue(line.contains("everybody may rename what is in " + open + ": chmod +t"), line);
      }
    }
    Files.setAttribute(open, "unix:mode", 01777);
    ForkedJava java = ForkedJava.run(List.of("-Djava.io.tmpdir=" + open), NativeLibraryMain.class);
    assertEquals(List.of("works: true", "works: true"), java.output().lines().toList());
  }

  @Test
  void libraryIsUnpackedWhereNobodyElseMayWriteAndRemoved() throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    ForkedJava java =
        ForkedJava.run(List.of("-Djava.io.tmpdir=" + place), NativeLibraryMain.class, "mapped");
    List<String> lines = java.output().lines().toList();
    assertEquals("works: true", lines.get(0));
    String mapped = lines.get(lines.size() - 1);
    assertTrue(mapped.matches(".*" + place + "/rszshm-jffi\\d+/jffi.*"), mapped);
    try (var left = Files.list(place)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void anotherDirectoryForTheLibraryWorks() throws Exception {
    Path good = Files.createDirectory(directory.resolve("good"));
    ForkedJava java =
        ForkedJava.run(List.of("-Djffi.extract.dir=" + good), NativeLibraryMain.class);
    assertEquals(List.of("works: true", "works: true"), java.output().lines().toList());
  }
}
