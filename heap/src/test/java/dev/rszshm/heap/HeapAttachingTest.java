package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.AddressTakenException;
import dev.rszshm.heap.errors.AlreadyAttachedException;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapNotReadyException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.errors.TruncatedHeapException;
import dev.rszshm.heap.errors.UnsupportedFormatException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.internal.format.HeaderBytes;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds 1.3, numbers 7 to 13 and 22. */
class HeapAttachingTest {
  private static final int PAGE = SystemCalls.host().pageSize();
  private static final long SPAN = 1L << 20;
  private static final String LARGEST = "9223372036854775807";

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Path path() {
    return directory.resolve("heap");
  }

  private static HeapBuilder small() {
    return Heap.builder().span(SPAN);
  }

  private static HeapBuilder atOnce() {
    return Heap.builder().readyTimeout(Duration.ZERO);
  }

  private HeapException refused(Class<? extends HeapException> kind) {
    HeapException thrown = assertThrows(kind, () -> atOnce().attach(path()));
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
    assertThrows(kind, () -> HeapInfo.of(path()));
    return thrown;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 16, 23})
  void fileShorterThanAHeaderIsNoHeap(int length) throws IOException {
    Files.write(path(), new byte[length]);
    assertTrue(refused(NotAHeapException.class).getMessage().contains(" " + length + " bytes"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 24, 4096, 8192})
  void blankHeaderIsNotReady(int length) throws IOException {
    Files.write(path(), new byte[length]);
    refused(HeapNotReadyException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"#!/bin/sh\necho this is a script, of more than 24 bytes\n"})
  void otherFilesAreNoHeaps(String content) throws IOException {
    Files.writeString(path(), content);
    refused(NotAHeapException.class);
    byte[] elf = Files.readAllBytes(Path.of("/proc/self/exe"));
    Files.write(path(), Arrays.copyOf(elf, 10_000));
    refused(NotAHeapException.class);
    Files.delete(path());
    Files.createDirectory(path());
    refused(NotAHeapException.class);
  }

  /** Number 22: a link or a pipe is neither followed nor waited for. */
  @Test
  void linksPipesAndDevicesAreRefused() throws Exception {
    small().create(directory.resolve("real")).close();
    Files.createSymbolicLink(path(), directory.resolve("real"));
    HeapAccessDeniedException thrown =
        assertThrows(HeapAccessDeniedException.class, () -> Heap.attach(path()));
    assertEquals(
        path() + " is a symbolic link, which is not followed: name the heap itself",
        thrown.getMessage());
    Files.delete(path());
    assertEquals(0, new ProcessBuilder("mkfifo", path().toString()).start().waitFor());
    refused(NotAHeapException.class);
    assertThrows(HeapException.class, () -> Heap.attach(Path.of("/dev/zero")));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0, -4096",
    "0, 4097",
    "0, " + LARGEST,
    "0, 2097152",
    "8, 0",
    "8, -4096",
    "8, 4097",
    "8, " + LARGEST,
    "8, 9223372036854771712",
    "8, 140737488355328",
    "16, 0",
    "16, -4096",
    "16, 70368744177665",
    "16, 140737488355328",
    "16, 140737487310848",
    "16, " + LARGEST,
    "16, 9223372036854771712"
  })
  void nonsenseInAHeaderIsRefused(int field, long value) throws IOException {
    for (boolean plain : new boolean[] {true, false}) {
      HeapBuilder builder = plain ? small().plain() : small();
      builder.create(path()).close();
      HeaderBytes header = HeaderBytes.of(path()).putLong(field, value);
      (plain ? header : header.checked()).write(path());
      refused(plain ? NotAHeapException.class : DamagedHeapException.class);
      Files.delete(path());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "36, 4095",
    "36, 8192",
    "104, 0",
    "104, -1",
    "104, 65537",
    "104, 2147483647",
    "104, 257",
    "108, 0",
    "108, 64",
    "108, -128",
    "32, 0",
    "32, -5"
  })
  void nonsenseInTheTablesIsDamage(int field, int value) throws IOException {
    small().create(path()).close();
    HeaderBytes.of(path()).putInt(field, value).checked().write(path());
    refused(DamagedHeapException.class);
  }

  /** A data offset below the table would let callers reach the header, or what lies before it. */
  @ParameterizedTest
  @CsvSource({
    "136, 0",
    "136, 4096",
    "136, -4096",
    "136, -9223372036854775808",
    "136, " + LARGEST,
    "136, 1048576",
    "136, -9223372036854771712",
    "96, 0",
    "96, -128",
    "96, 4097",
    "96, 4224",
    "96, " + LARGEST,
    "96, 9223372036854775680",
    "96, -9223372036854775808",
    "136, 36872"
  })
  void placesOfTheTablesAreChecked(int field, long value) throws IOException {
    small().create(path()).close();
    HeaderBytes.of(path()).putLong(field, value).checked().write(path());
    refused(DamagedHeapException.class);
  }

  @Test
  void unknownFormatsAreRefusedAsSuch() throws IOException {
    small().create(path()).close();
    byte[] good = Files.readAllBytes(path());
    new HeaderBytes(good).putInt(HeaderLayout.VERSION, 2).write(path());
    refused(UnsupportedFormatException.class);
    new HeaderBytes(good).putLong(HeaderLayout.INCOMPATIBLE_FEATURES, 4).checked().write(path());
    refused(UnsupportedFormatException.class);
    new HeaderBytes(good).putInt(HeaderLayout.PAGE_SIZE, 65536).checked().write(path());
    refused(UnsupportedFormatException.class);
    new HeaderBytes(good)
        .putLong(HeaderLayout.READ_ONLY_COMPATIBLE_FEATURES, 1)
        .checked()
        .write(path());
    assertThrows(UnsupportedFormatException.class, () -> Heap.attach(path()));
    Heap.builder().readOnly().attach(path()).close();
    new HeaderBytes(good).putLong(HeaderLayout.COMPATIBLE_FEATURES, -1).checked().write(path());
    Heap.attach(path()).close();
  }

  @Test
  void anyChangedByteOfTheFixedPartIsDamage() throws IOException {
    small().create(path()).close();
    byte[] good = Files.readAllBytes(path());
    for (int i = HeaderLayout.SPAN; i < HeaderLayout.CHECKSUM + 4; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Files.write(path(), bad);
      int at = i;
      HeapException thrown =
          assertThrows(HeapException.class, () -> atOnce().attach(path()), () -> "byte " + at);
      assertTrue(
          thrown instanceof DamagedHeapException || thrown instanceof UnsupportedFormatException,
          () -> "byte " + at + ": " + thrown);
    }
  }

  @Test
  void truncatedFileIsRefused() throws IOException {
    small().length(100_000).create(path()).close();
    byte[] good = Files.readAllBytes(path());
    for (int length : new int[] {32, 4095, 4096, good.length - 1, good.length - PAGE}) {
      Files.write(path(), Arrays.copyOf(good, length));
      refused(TruncatedHeapException.class);
    }
    Files.delete(path());
    small().plain().length(100_000).create(path()).close();
    byte[] plain = Files.readAllBytes(path());
    for (int length : new int[] {24, 4096, plain.length - 1}) {
      Files.write(path(), Arrays.copyOf(plain, length));
      refused(TruncatedHeapException.class);
    }
  }

  /** Number 9. */
  @Test
  void attachingWaitsForAHeapThatIsBeingMade() throws IOException {
    Path ready = directory.resolve("ready");
    small().plain().create(ready).close();
    Files.createFile(path());
    FaultySystemCalls faults = new FaultySystemCalls();
    // The third look sees what the maker has done meanwhile.
    faults.before("open", 3, () -> copy(ready, path()));
    try (Heap heap =
        Heap.builder()
            .readyTimeout(Duration.ofMinutes(1))
            .platform(faults.platform())
            .attach(path())) {
      assertTrue(heap.isPlain());
      assertEquals(3, faults.calls("open").size());
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.write(to, Files.readAllBytes(from));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void interruptEndsTheWaitForAHeapThatIsBeingMade() throws IOException {
    Files.createFile(path());
    Thread.currentThread().interrupt();
    assertThrows(
        HeapNotReadyException.class,
        () -> Heap.builder().readyTimeout(Duration.ofDays(1)).attach(path()));
    assertTrue(Thread.interrupted());
  }

  /** Number 12. */
  @Test
  void secondAttachmentIsRefusedOrGoesElsewhereWhenAsked() {
    try (Heap heap = small().create(path())) {
      AlreadyAttachedException thrown =
          assertThrows(AlreadyAttachedException.class, () -> Heap.attach(path()));
      assertTrue(thrown.getMessage().startsWith(path() + " is attached in this JVM already"));
      try (Heap other = Heap.builder().anyAddress().attach(path())) {
        assertNotEquals(heap.base(), other.base());
        assertEquals(heap.address(), other.address());
        other.putLong(other.dataOffset(), 3);
        assertEquals(3, heap.getLong(heap.dataOffset()));
        assertThrows(IllegalStateException.class, () -> other.toAddress(8));
        assertThrows(IllegalStateException.class, () -> other.toOffset(other.base()));
        assertEquals(8, heap.toOffset(heap.toAddress(8)));
        assertTrue(other.self().orElseThrow().otherAddress());
        assertEquals(2, heap.participants().size());
      }
      assertThrows(IndexOutOfBoundsException.class, () -> heap.toAddress(SPAN));
      assertThrows(IndexOutOfBoundsException.class, () -> heap.toAddress(-1));
      assertThrows(IndexOutOfBoundsException.class, () -> heap.toOffset(heap.base() - 1));
      assertThrows(IndexOutOfBoundsException.class, () -> heap.toOffset(heap.base() + SPAN));
    }
    Heap.attach(path()).close();
  }

  /** A real conflict: something else is where the heap must be. */
  @Test
  void addressThatIsTakenIsReportedWithWhatIsThere() {
    long address;
    try (Heap heap = small().create(path())) {
      address = heap.base();
    }
    SystemCalls host = SystemCalls.host();
    assertEquals(address + SPAN - PAGE, host.reserve(address + SPAN - PAGE, PAGE));
    try {
      AddressTakenException thrown =
          assertThrows(AddressTakenException.class, () -> Heap.attach(path()));
      assertTrue(
          thrown.getMessage().contains(String.format("at 0x%x-", address + SPAN - PAGE)),
          thrown.getMessage());
      assertEquals(1, ProcSelf.mappingsIn(address, SPAN).size(), "nothing was replaced");
      try (Heap elsewhere = Heap.builder().anyAddress().attach(path())) {
        assertNotEquals(address, elsewhere.base());
      }
    } finally {
      host.unmap(address + SPAN - PAGE, PAGE);
    }
    Heap.attach(path()).close();
  }

  /** Number 13, with a kernel that takes the address for a hint only. */
  @Test
  void kernelThatMapsElsewhereIsNotBelieved() {
    small().create(path()).close();
    FaultySystemCalls faults = new FaultySystemCalls();
    long[] elsewhere = new long[1];
    faults.instead(
        "reserve",
        1,
        (call, arguments) ->
            elsewhere[0] = (long) call.with((long) arguments[0] + (1L << 30), arguments[1]));
    assertThrows(
        AddressTakenException.class,
        () -> Heap.builder().platform(faults.platform()).attach(path()));
    assertEquals(List.of(), ProcSelf.mappingsIn(elsewhere[0], SPAN));
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
  }

  @Test
  void fileOfAnotherUserIsRefusedUnlessAskedFor() {
    small().create(path()).close();
    int owner = SystemCalls.host().effectiveUser();
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.answer("effectiveUser", FaultySystemCalls.EVERY, owner + 1);
    faults.instead(
        "status",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          var real = (FileStatus) call.with(arguments);
          return new FileStatus(real.key(), real.length(), owner + 2, real.regular());
        });
    HeapBuilder builder = Heap.builder().platform(faults.platform());
    HeapAccessDeniedException thrown =
        assertThrows(HeapAccessDeniedException.class, () -> builder.attach(path()));
    assertEquals(
        path()
            + " belongs to user "
            + (owner + 2)
            + ", not to user "
            + (owner + 1)
            + " or root, and could have been put there to mislead this process. If you trust it,"
            + " attach with foreignOwner()",
        thrown.getMessage());
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
    builder.foreignOwner().attach(path()).close();
  }

  @Test
  void missingHeapIsNamed() {
    NoSuchHeapException thrown = assertThrows(NoSuchHeapException.class, () -> Heap.attach(path()));
    assertEquals(
        "there is no heap " + path() + ": check the name, or create it", thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EACCES, Errno.EPERM, Errno.EROFS})
  void deniedOpeningIsExplained(int errno) {
    FaultySystemCalls faults = new FaultySystemCalls().fail("open", FaultySystemCalls.EVERY, errno);
    HeapBuilder builder = Heap.builder().platform(faults.platform());
    assertEquals(
        path()
            + " may not be opened for writing: "
            + Errno.describe(errno)
            + ". Change its permissions, or attach for reading only",
        assertThrows(HeapAccessDeniedException.class, () -> builder.attach(path())).getMessage());
    assertEquals(
        path() + " may not be opened for reading: " + Errno.describe(errno),
        assertThrows(HeapAccessDeniedException.class, () -> builder.readOnly().attach(path()))
            .getMessage());
  }

  @Test
  void readOnlyAttachmentWritesNothingAndTakesNoSlot() throws IOException {
    small().create(path()).close();
    byte[] before = Files.readAllBytes(path());
    try (Heap heap = Heap.builder().readOnly().attach(path())) {
      assertTrue(heap.isReadOnly());
      assertTrue(heap.self().isEmpty());
      assertThrows(ReadOnlyHeapException.class, () -> heap.putByte(heap.dataOffset(), (byte) 1));
      assertThrows(ReadOnlyHeapException.class, heap::reclaimDead);
      assertEquals(List.of(), heap.participants());
      assertEquals(0, heap.getInt(heap.dataOffset()));
    }
    assertEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(Files.readAllBytes(path())));
    assertEquals(Set.of(), Set.copyOf(ProcSelf.descriptorsOf(directory.toString())));
  }

  @Test
  void plainFileHasTheTwentyFourBytesOfTheSeed() throws IOException {
    try (Heap heap = small().plain().create(path())) {
      heap.putInt(24, 0x0403_0201);
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path())).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(PAGE, bytes.getLong(0));
      assertEquals(SPAN, bytes.getLong(8));
      assertEquals(heap.base(), bytes.getLong(16));
      assertEquals(0x0403_0201, bytes.getInt(24));
      assertEquals(List.of(), heap.participants());
      assertThrows(IllegalStateException.class, () -> heap.isAlive(0, 1));
      assertEquals(0, heap.reclaimDead());
    }
  }

  @Test
  void heapComesBackWhereItWas() {
    long address;
    try (Heap heap = small().create(path())) {
      address = heap.base();
      heap.putLong(heap.dataOffset(), heap.toAddress(heap.dataOffset()));
    }
    for (int i = 0; i < 50; i++) {
      try (Heap heap = Heap.attach(path())) {
        assertEquals(address, heap.base());
        assertEquals(address + heap.dataOffset(), heap.getLong(heap.dataOffset()));
        assertEquals(i + 2, heap.self().orElseThrow().generation());
      }
    }
  }
}
