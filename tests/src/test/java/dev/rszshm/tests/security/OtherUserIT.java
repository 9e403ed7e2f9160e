package dev.rszshm.tests.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.testkit.process.ScratchDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A user who has nothing to do with a heap cannot open, change, remove or replace it, and what that
 * user puts in its place is not taken for it. Skipped where this process may not become another
 * user: that takes root, and setpriv.
 */
@Timeout(300)
class OtherUserIT {
  /** Nobody, on every Linux. */
  private static final String OTHER = "65534";

  private static ScratchDirectory classes;
  private static String classPath;

  private ScratchDirectory scratch;
  private Path path;

  @BeforeAll
  static void copyClasses() throws Exception {
    assumeTrue(
        (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0,
        "only root can become another user");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv");
    classes = ScratchDirectory.onDisk();
    letAllRead(classes.path(), "rwxr-xr-x");
    List<String> entries = new ArrayList<>();
    for (Class<?> type : List.of(OtherUser.class, Heap.class)) {
      entries.add(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.matches(".*/(jnr|jffi|asm)[-.\\w]*\\.jar"))
        .forEach(entries::add);
    List<String> copies = new ArrayList<>();
    for (String entry : entries) {
      Path copy = classes.path().resolve(copies.size() + "-" + Path.of(entry).getFileName());
      copyAll(Path.of(entry), copy);
      copies.add(copy.toString());
    }
    classPath = String.join(File.pathSeparator, copies);
    assumeTrue(run("info", Path.of("/")).equals("not-a-heap"), "the other user cannot run Java");
  }

  @AfterAll
  static void removeClasses() {
    if (classes != null) {
      classes.close();
    }
  }

  private static void letAllRead(Path place, String permissions) throws IOException {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(permissions));
  }

  private static void copyAll(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          private Path target(Path place) {
            return place.equals(from) ? to : to.resolve(from.relativize(place).toString());
          }

          @Override
          public FileVisitResult preVisitDirectory(Path place, BasicFileAttributes attributes)
              throws IOException {
            letAllRead(Files.createDirectory(target(place)), "rwxr-xr-x");
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path place, BasicFileAttributes attributes)
              throws IOException {
            letAllRead(Files.copy(place, target(place)), "rw-r--r--");
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Lets the other user try something; returns what came of it. */
  private static String run(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/setpriv",
                "--reuid=" + OTHER,
                "--regid=" + OTHER,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djnr.ffi.asm.enabled=false"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath, OtherUser.class.getName()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).directory(new File("/")).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(180, TimeUnit.SECONDS), said);
      return said.strip();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String run(String attempt, Path place) throws Exception {
    return run(attempt, place.toString());
  }

  @BeforeEach
  void make() throws IOException {
    scratch = ScratchDirectory.inMemory();
    // As /dev/shm is: everybody may make files, and change none of another's.
    Files.setAttribute(scratch.path(), "unix:mode", 01777);
    path = scratch.path().resolve("heap");
  }

  @AfterEach
  void remove() {
    scratch.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "look", "info", "remove"})
  void otherUserCannotUseAHeap(String attempt) throws Exception {
    try (Heap heap = Heap.builder().span(1 << 20).create(path)) {
      assertEquals("heap-access-denied", run(attempt, path));
      assertTrue(heap.participants().size() == 1 && Files.exists(path));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "truncate", "delete", "rename", "open"})
  void otherUserCannotChangeItsFile(String attempt) throws Exception {
    try (Heap heap = Heap.builder().span(1 << 20).create(path)) {
      heap.putLong(heap.dataOffset(), 42);
      String said = run(attempt, path);
      assertTrue(
          List.of("AccessDeniedException", "FileSystemException", "FileAlreadyExistsException")
              .contains(said),
          said);
      assertEquals(heap.length(), Files.size(path));
      assertEquals(42, heap.getLong(heap.dataOffset()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "info", "delete", "open"})
  void privateDirectoryOfAHeapIsClosedToOthers(String attempt) throws Exception {
    Path template = scratch.path().resolve("rszshm_XXXXXX/0");
    try (Heap heap = Heap.builder().span(1 << 20).create(template)) {
      String said = run(attempt, heap.path());
      assertTrue(said.equals("heap-access-denied") || said.equals("AccessDeniedException"), said);
      heap.remove();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"attach", "write", "truncate"})
  void whoMayReadMayNotWrite(String attempt) throws Exception {
    try (Heap heap =
        Heap.builder()
            .permissions(PosixFilePermissions.fromString("rw-r--r--"))
            .span(1 << 20)
            .create(path)) {
      assertEquals("done", run("look", path));
      String said = run(attempt, path);
      assertTrue(said.equals("heap-access-denied") || said.equals("AccessDeniedException"), said);
      assertEquals(heap.length(), Files.size(path));
    }
  }

  @Test
  void plantedHeapIsNotAttachedNorRemovedNorReplaced() throws Exception {
    assertEquals("done", run("plant", path));
    assertThrows(HeapAccessDeniedException.class, () -> Heap.attach(path));
    assertThrows(HeapAccessDeniedException.class, () -> Heap.builder().open(path));
    assertThrows(HeapExistsException.class, () -> Heap.builder().create(path));
    Heap.builder().foreignOwner().attach(path).close(); // who asks for it gets it
  }

  @Test
  void plantedLinkIsNotFollowed() throws Exception {
    Path victim = scratch.path().resolve("victim");
    Heap.builder().span(1 << 20).create(victim).close();
    assertEquals("done", run("link", path.toString(), victim.toString()));
    assertThrows(HeapException.class, () -> Heap.attach(path));
    assertThrows(HeapException.class, () -> Heap.builder().open(path));
    assertThrows(HeapException.class, () -> Heap.builder().create(path));
    Path missing = scratch.path().resolve("missing");
    Path dangling = scratch.path().resolve("dangling");
    assertEquals("done", run("link", dangling.toString(), missing.toString()));
    assertThrows(HeapException.class, () -> Heap.builder().open(dangling));
    assertFalse(Files.exists(missing));
  }

  @Test
  void plantedEmptyFileIsNotAHeap() throws Exception {
    assertEquals("done", run("open", path));
    assertThrows(HeapException.class, () -> Heap.builder().open(path));
    assertThrows(HeapExistsException.class, () -> Heap.builder().create(path));
  }
}
