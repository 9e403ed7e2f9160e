package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapNotReadyException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.spi.Errno;
import java.io.IOException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any file, or a range of one, as a region. */
class FileRegionTest {
  private static final int PAGE = 4096;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  /** A file in which every byte is the number of its page. */
  private Path file(int length) throws IOException {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) (i / PAGE);
    }
    return Files.write(directory.resolve("file"), content);
  }

  @Test
  void aRangeAtAPageOffsetHasItsOwnBounds() throws IOException {
    Path path = file(3 * PAGE + 100);
    try (FileRegion range = Region.map(path, MapMode.READ_ONLY, PAGE, 2 * PAGE + 50)) {
      assertEquals(2 * PAGE + 50, range.length());
      assertEquals(1, range.getByte(0));
      assertEquals(3, range.getByte(2 * PAGE + 49));
      assertThrows(IndexOutOfBoundsException.class, () -> range.getByte(2 * PAGE + 50));
      assertThrows(IndexOutOfBoundsException.class, () -> range.getLong(2 * PAGE + 43));
      assertThrows(IndexOutOfBoundsException.class, () -> range.getByte(-1));
      assertThrows(IndexOutOfBoundsException.class, () -> range.region(0, 2 * PAGE + 51));
      assertEquals(2, range.region(PAGE, 10).getByte(9));
    }
    try (FileRegion whole = Region.map(path, MapMode.READ_ONLY)) {
      assertEquals(3 * PAGE + 100, whole.length());
    }
  }

  @Test
  void whatIsWrittenIsInTheFileAndSeenByOthers() throws IOException {
    Path path = file(2 * PAGE);
    try (FileRegion one = Region.map(path, MapMode.READ_WRITE);
        FileRegion other = Region.map(path, MapMode.READ_WRITE, PAGE, 8)) {
      assertFalse(one.isReadOnly());
      one.putLongRelease(PAGE, 0x0102_0304_0506_0708L);
      assertEquals(0x0102_0304_0506_0708L, other.getLongAcquire(0));
      other.getAndAddLong(0, 1);
      one.flush(0, 2 * PAGE);
    }
    assertEquals(9, Files.readAllBytes(path)[PAGE]);
  }

  @Test
  void threadsWaitForAWordOfAnyFile() throws Exception {
    Path path = file(PAGE);
    try (FileRegion one = Region.map(path, MapMode.READ_WRITE);
        FileRegion other = Region.map(path, MapMode.READ_WRITE)) {
      Thread writer =
          new Thread(
              () -> {
                one.putIntVolatile(0, 7);
                one.wake(0, 1);
              });
      writer.start();
      while (other.getIntVolatile(0) == 0) {
        other.waitWhile(0, 0, java.time.Duration.ofSeconds(1));
      }
      assertEquals(7, other.getIntVolatile(0));
      writer.join();
    }
  }

  @Test
  void aPrivateMappingLeavesTheFileAsItIs() throws IOException {
    Path path = file(PAGE);
    byte[] before = Files.readAllBytes(path);
    try (FileRegion trying = Region.map(path, MapMode.PRIVATE)) {
      trying.fill(0, PAGE, (byte) 9);
      assertEquals(9, trying.getByte(PAGE - 1));
      assertTrue(trying.isReadOnly());
      assertThrows(ReadOnlyHeapException.class, () -> trying.flush(0, 1));
    }
    assertTrue(Arrays.equals(before, Files.readAllBytes(path)));
  }

  @Test
  void aMappingForReadingIsNotWritten() throws IOException {
    try (FileRegion region = Region.map(file(PAGE), MapMode.READ_ONLY)) {
      ReadOnlyHeapException refused =
          assertThrows(ReadOnlyHeapException.class, () -> region.putByte(0, (byte) 1));
      assertEquals(
          region.path() + " is mapped READ_ONLY: map it READ_WRITE to change it",
          refused.getMessage());
      assertTrue(region.asByteBuffer(0, 8).isReadOnly());
    }
  }

  @Test
  void everyRefusalSaysWhatIsWrong() throws IOException {
    Path path = file(PAGE);
    Path none = directory.resolve("none");
    refused(NoSuchHeapException.class, "there is no file " + none, none, 0, 1);
    refused(NotAHeapException.class, directory + " is not a regular file", directory, 0, 1);
    refused(NotAHeapException.class, "/dev/null is not a regular file", Path.of("/dev/null"), 0, 1);
    refused(IllegalArgumentException.class, "a multiple of the page size, 4096", path, 100, 1);
    refused(IllegalArgumentException.class, "a multiple of the page size, 4096", path, -PAGE, 1);
    refused(IllegalArgumentException.class, "with a length of 0 bytes", path, 0, 0);
    refused(IllegalArgumentException.class, "with a length of -1 bytes", path, 0, -1);
    refused(IndexOutOfBoundsException.class, "which has 4096 bytes", path, 0, PAGE + 1);
    refused(IndexOutOfBoundsException.class, "which has 4096 bytes", path, PAGE, 1);
    refused(IndexOutOfBoundsException.class, "which has 4096 bytes", path, 1L << 62, 1);
    Path empty = Files.createFile(directory.resolve("empty"));
    HeapException nothing =
        assertThrows(HeapNotReadyException.class, () -> Region.map(empty, MapMode.READ_WRITE));
    assertTrue(nothing.getMessage().contains("is empty"), nothing.getMessage());
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
  }

  private static void refused(
      Class<? extends RuntimeException> kind, String message, Path path, long offset, long length) {
    RuntimeException refused =
        assertThrows(kind, () -> Region.map(path, MapMode.READ_ONLY, offset, length));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void aFailureOfAnyCallLeavesNothingOpenOrMapped() throws IOException {
    Path path = file(PAGE);
    for (String call : List.of("open", "status", "reserve", "overlay")) {
      FaultySystemCalls faults =
          new FaultySystemCalls().fail(call, FaultySystemCalls.EVERY, Errno.EACCES);
      HeapException failure =
          assertThrows(
              HeapException.class,
              () ->
                  Region.map(faults.platform(), path, MapMode.READ_WRITE, 0, OptionalLong.empty()));
      if (call.equals("open")) {
        assertEquals(HeapAccessDeniedException.class, failure.getClass());
      }
      assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()), call);
      assertEquals(0, ProcSelf.mappingsOf(path.toString()), call);
    }
  }

  @Test
  void aClosedRegionRefusesEverythingAndIsUnmapped() throws IOException {
    Path path = file(PAGE);
    FileRegion region = Region.map(path, MapMode.READ_WRITE);
    Region part = region.region(0, 8);
    region.close();
    region.close();
    assertFalse(region.isOpen());
    assertThrows(IllegalStateException.class, () -> region.getByte(0));
    assertThrows(IllegalStateException.class, () -> part.putByte(0, (byte) 1));
    assertThrows(IllegalStateException.class, () -> region.flush(0, 1));
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
    assertEquals(0, ProcSelf.mappingsOf(path.toString()));
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), file(PAGE));
    try (FileRegion region = Region.map(link, MapMode.READ_ONLY)) {
      assertEquals(PAGE, region.length());
    }
  }

  @ParameterizedTest
  @CsvSource({"-Xint, 0", "-Xmixed, 20000"})
  void aFileThatIsTruncatedIsSurvived(String mode, int warmUp) throws Exception {
    ForkedJava java =
        ForkedJava.run(
            List.of(mode),
            TruncatedHeapMain.class,
            file(1 << 20).toString(),
            "" + warmUp,
            "any file");
    assertTrue(java.output().endsWith("survived"), java::output);
    assertEquals(0, java.status(), java::output);
  }
}
