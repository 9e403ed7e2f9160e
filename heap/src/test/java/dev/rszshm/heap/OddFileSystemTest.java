package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.FileNameException;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.UnsharedFileException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.spi.Errno;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems and environments that do what one does not expect. */
class OddFileSystemTest {
  private static final long SPAN = 1 << 30;
  private static final long MEBIBYTE = 1 << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private final FaultySystemCalls calls = new FaultySystemCalls();

  private Path path() {
    return directory.resolve("heap");
  }

  private HeapBuilder builder() {
    return Heap.builder().span(SPAN).platform(calls.platform());
  }

  /** What is read by the name is not what was written through the mapping. */
  private void keepACopyForEachOpening() {
    calls.instead(
        "read",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          Object answer = call.with(arguments);
          byte[] bytes = (byte[]) arguments[1];
          if (bytes.length == Long.BYTES) {
            bytes[0] ^= 1;
          }
          return answer;
        });
  }

  @Test
  void heapIsNotMadeWhereEachOpeningHasACopy() throws IOException {
    keepACopyForEachOpening();
    assertThrows(UnsharedFileException.class, () -> builder().create(path()));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void heapIsNotAttachedWhereEachOpeningHasACopy() {
    Heap.builder().span(SPAN).create(path()).close();
    keepACopyForEachOpening();
    assertThrows(UnsharedFileException.class, () -> builder().attach(path()));
    assertThrows(UnsharedFileException.class, () -> builder().readOnly().attach(path()));
    calls.reset();
    builder().attach(path()).close();
  }

  /** A profiler may send a signal a hundred times a second, and a large allocation takes longer. */
  @Test
  void allocationThatSignalsEndAgainAndAgainIsMadeInSmallerPieces() {
    calls.instead(
        "allocate",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          if ((long) arguments[2] > 2 * MEBIBYTE) {
            throw new SystemCallException("fallocate(injected)", Errno.EINTR, "EINTR");
          }
          return call.with(arguments);
        });
    try (Heap heap = builder().create(path())) {
      long length = heap.length() + 100 * MEBIBYTE;
      assertEquals(length, heap.growTo(length));
    }
  }

  @Test
  void allocationThatIsAlwaysInterruptedFailsInTheEnd() {
    try (Heap heap = builder().create(path())) {
      long length = heap.length();
      calls.fail("allocate", FaultySystemCalls.EVERY, Errno.EINTR);
      assertThrows(SystemCallException.class, () -> heap.growTo(length + MEBIBYTE));
      calls.reset();
      assertEquals(length, heap.length());
      assertTrue(heap.growTo(length + MEBIBYTE) > length);
    }
  }

  @Test
  void piecesThatWereHadAreGivenBackIfTheRestIsNot() throws IOException {
    try (Heap heap = builder().create(path())) {
      long length = heap.length();
      calls.reset();
      calls.fail("allocate", 3, Errno.ENOSPC);
      assertThrows(OutOfSpaceException.class, () -> heap.growTo(length + 200 * MEBIBYTE));
      assertTrue(allocated() < 100 * MEBIBYTE, "still taken: " + allocated());
    }
  }

  private long allocated() throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", path().toString()).start();
    try (BufferedReader lines = stat.inputReader()) {
      return Long.parseLong(lines.readLine()) * 512;
    }
  }

  @Test
  void wantOfMemoryIsWantOfSpace() {
    try (Heap heap = builder().create(path())) {
      calls.fail("allocate", FaultySystemCalls.EVERY, Errno.ENOMEM);
      assertThrows(OutOfSpaceException.class, () -> heap.growTo(heap.length() + MEBIBYTE));
    }
  }

  @Test
  void directoryWhereNobodyMakesFilesIsToldFromOneThatIsNotThere() {
    HeapAccessDeniedException denied =
        assertThrows(
            HeapAccessDeniedException.class, () -> Heap.builder().create(Path.of("/proc/x")));
    assertTrue(
        denied.getMessage().contains("does not allow files to be made"), denied.getMessage());
  }

  @Test
  void generatedDirectoryLetsThoseInWhoMayOpenTheHeap() throws IOException {
    Path template = directory.resolve("made_XXXXXX").resolve("0");
    try (Heap heap =
        Heap.builder()
            .span(SPAN)
            .permissions(PosixFilePermissions.fromString("rw-rw-r--"))
            .create(template)) {
      Path made = heap.path().getParent();
      assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
      heap.remove();
      assertFalse(Files.exists(made));
    }
    try (Heap heap = Heap.builder().span(SPAN).create(template)) {
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(heap.path().getParent())));
      heap.remove();
    }
  }

  @Test
  void nameThatTheJvmCannotSayIsRefused() throws Exception {
    assertThrows(
        FileNameException.class, () -> Heap.builder().create(directory.resolve("gr\ufffd")));
    Path named = directory.resolve("größe");
    try (Heap heap = Heap.builder().span(SPAN).create(named)) {
      assertTrue(Files.exists(named), "the JDK finds it by the same name");
      assertTrue(heap.remove());
    }
  }

  @Test
  void firstUseInAnInterruptedThreadWorks() throws Exception {
    ForkedJava java = ForkedJava.run(List.of(), InterruptedFirstUseMain.class, path().toString());
    assertEquals(new ForkedJava(0, "interrupted still: true"), java);
  }
}
