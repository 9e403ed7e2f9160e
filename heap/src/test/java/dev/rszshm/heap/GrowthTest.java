package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.errors.GrowthBlockedException;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.errors.SpanExceededException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.TruncatedHeapException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.FaultySystemCalls.Call;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Growing. The time-out only ends a test that hangs. */
@Timeout(300)
class GrowthTest {
  private static final int PAGE = SystemCalls.host().pageSize();
  private static final long SPAN = 1L << 20;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Path path() {
    return directory.resolve("heap");
  }

  private static HeapBuilder plain() {
    return Heap.builder().span(SPAN).plain();
  }

  /** Seeds 1.3, number 2: a grower with an old idea of the length must not cut the file. */
  @ParameterizedTest
  @EnumSource(Backing.class)
  void growthNeverShortensAFileThatIsLongerThanItsHeaderSays(Backing backing) throws IOException {
    try (Heap heap = plain().backing(backing).create(path())) {
      try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "rw")) {
        file.setLength(SPAN / 2);
        file.seek(SPAN / 2 - 1);
        file.write(9);
      }
      heap.growTo(2L * PAGE);
      assertEquals(2L * PAGE, heap.length());
      assertEquals(SPAN / 2, Files.size(path()));
      heap.growTo(SPAN / 2);
      assertEquals(9, heap.getByte(SPAN / 2 - 1));
    }
  }

  /** A file system in memory would give pieces of it until the kernel kills somebody. */
  @Test
  void whatItsFileSystemCanNeverHoldIsNotBegun() {
    FaultySystemCalls faults = new FaultySystemCalls().answer("capacity", 1, 100L << 20);
    try (Heap heap = Heap.builder().platform(faults.platform()).create(path())) {
      long length = heap.length();
      int before = faults.calls("allocate").size();
      OutOfSpaceException e =
          assertThrows(OutOfSpaceException.class, () -> heap.growTo(length + (101L << 20)));
      assertTrue(e.getMessage().contains("no space left"), e::getMessage);
      assertTrue(
          e.getCause().getMessage().contains("holds 104857600 bytes"), e.getCause()::toString);
      assertEquals(before, faults.calls("allocate").size());
      assertEquals(length, heap.length());
    }
  }

  /** Whoever tells other processes what was ensured must find that they can reach it. */
  @Test
  void whatIsEnsuredIsTheLengthForOtherProcessesToo() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (Heap heap = Heap.builder().span(SPAN).growth(GrowthPolicy.step(1)).createAnonymous()) {
        List<FutureTask<Void>> growers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          growers.add(new FutureTask<>(() -> requireEnsured(heap)));
          new Thread(growers.get(i)).start();
        }
        for (FutureTask<Void> grower : growers) {
          grower.get();
        }
      }
    }
  }

  private static Void requireEnsured(Heap heap) {
    for (long mapped = heap.mappedLength(); mapped < SPAN; mapped = heap.mappedLength()) {
      heap.getByte(mapped - 1);
      heap.ensure(mapped);
      long length = heap.length();
      assertTrue(length >= mapped, mapped + " bytes ensured, length " + length);
      heap.ensure(mapped + 1);
    }
    return null;
  }

  /** Number 2: the header is never lowered, whoever raised it meanwhile. */
  @Test
  void lengthThatSomebodyElseRaisedMeanwhileIsKept() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap slow = plain().platform(faults.platform()).create(path());
        Heap quick = Heap.builder().anyAddress().attach(path())) {
      // As a C program in a forked child, which the flock does not keep out.
      faults.reset().answer("tryLockFile", 1, true).answer("unlockFile", 1, null);
      faults.after("allocate", 1, () -> quick.growTo(SPAN / 2));
      slow.growTo(2L * PAGE);
      assertEquals(SPAN / 2, quick.length());
      assertEquals(SPAN / 2, slow.length());
      quick.putByte(SPAN / 2 - 1, (byte) 5);
      assertEquals(5, slow.getByte(SPAN / 2 - 1));
    }
  }

  /** Number 2: C programs take the flock, and are kept out by it. */
  @Test
  void growthHoldsTheFlockWhileTheFileChanges() {
    SystemCalls host = SystemCalls.host();
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = plain().platform(faults.platform()).create(path())) {
      int other = host.open(path().toString(), true, false);
      try {
        List<Boolean> taken = new ArrayList<>();
        faults.reset();
        for (String method : List.of("allocate", "overlay")) {
          faults.before(method, 1, () -> taken.add(host.tryLockFile(other)));
        }
        heap.grow();
        assertEquals(List.of(false, false), taken);
        assertTrue(host.tryLockFile(other), "free again after the growth");
      } finally {
        host.close(other);
      }
    }
  }

  @Test
  void growthThatIsHeldUpTooLongNamesTheHolder() {
    try (Heap heap = plain().growthTimeout(Duration.ofMillis(5)).create(path())) {
      long length = heap.length();
      GrowthBlockedException blocked =
          whileLocked(() -> assertThrows(GrowthBlockedException.class, heap::grow));
      assertEquals(
          path()
              + " cannot grow: timed out after 5 ms, waiting for its lock, which is held by process "
              + ProcessHandle.current().pid()
              + ". Let that process go on, or end it",
          blocked.getMessage());
      assertEquals(length, heap.length());
      assertTrue(heap.grow() > length);
    }
  }

  @Test
  void interruptDoesNotEndTheWaitForTheFlockAndStaysSet() throws Exception {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = plain().platform(faults.platform()).create(path())) {
      CountDownLatch tried = new CountDownLatch(20);
      faults.before("tryLockFile", FaultySystemCalls.EVERY, tried::countDown);
      FutureTask<Boolean> growth =
          new FutureTask<>(
              () -> {
                Thread.currentThread().interrupt();
                heap.grow();
                return Thread.currentThread().isInterrupted();
              });
      whileLocked(
          () -> {
            new Thread(growth).start();
            tried.await();
            assertFalse(growth.isDone());
            return null;
          });
      assertTrue(growth.get(), "the interrupt is lost");
      assertTrue(heap.length() > PAGE);
    }
  }

  /** An interrupt must not make the pauses between two tries as short as nothing. */
  @Test
  void interruptedThreadPausesBetweenTries() throws Exception {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = plain().platform(faults.platform()).create(path())) {
      List<Boolean> interrupted = new ArrayList<>();
      faults.instead(
          "pause",
          FaultySystemCalls.EVERY,
          (call, arguments) -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            return null;
          });
      for (int i = 1; i <= 3; i++) {
        faults.answer("tryLockFile", i, false);
      }
      Thread.currentThread().interrupt();
      heap.grow();
      assertTrue(Thread.interrupted());
      assertEquals(List.of(false, false, false), interrupted);
    }
  }

  @Test
  void closeEndsTheWaitForTheFlock() throws Exception {
    FaultySystemCalls faults = new FaultySystemCalls();
    CountDownLatch tried = new CountDownLatch(3);
    Heap heap = plain().platform(faults.platform()).create(path());
    faults.before("tryLockFile", FaultySystemCalls.EVERY, tried::countDown);
    FutureTask<Long> growth = new FutureTask<>(heap::grow);
    whileLocked(
        () -> {
          Thread grower = new Thread(growth);
          grower.start();
          tried.await();
          heap.close();
          ExecutionException thrown = assertThrows(ExecutionException.class, growth::get);
          assertEquals(IllegalStateException.class, thrown.getCause().getClass());
          grower.join();
          return null;
        });
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
  }

  private <T> T whileLocked(Callable<T> action) {
    SystemCalls host = SystemCalls.host();
    int other = host.open(path().toString(), true, false);
    try {
      assertTrue(host.tryLockFile(other));
      return action.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      host.close(other);
    }
  }

  /** Number 5: what is mapped is never mapped again. */
  @Test
  void growthMapsTheTailOnly() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = plain().platform(faults.platform()).create(path())) {
      for (long from = PAGE; from < SPAN / 2; from *= 2) {
        faults.reset();
        assertEquals(from * 2, heap.grow());
        List<Call> overlays = faults.calls("overlay");
        assertEquals(1, overlays.size());
        assertEquals(heap.base() + from, overlays.get(0).number(1), "address");
        assertEquals(from, overlays.get(0).number(2), "offset in the file");
        assertEquals(from, overlays.get(0).number(3), "length");
      }
    }
  }

  /** Numbers 3 and 5: an old attachment follows, at the price of one mapping for each growth. */
  @Test
  void staleAttachmentCatchesUpWithOneMappingAndOtherwiseNone() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap writer = plain().create(path());
        Heap stale = Heap.builder().anyAddress().platform(faults.platform()).attach(path())) {
      for (long from = PAGE; from < SPAN / 2; from *= 2) {
        long to = writer.grow();
        writer.putLong(to - 8, 0x1234_5678L + to);
        faults.reset();
        assertEquals(from, stale.mappedLength());
        assertEquals(to, stale.length());
        assertEquals(0x1234_5678L + to, stale.getLong(to - 8));
        assertEquals(to, stale.mappedLength());
        assertEquals(List.of("status", "overlay"), names(faults.calls()));
        Call overlay = faults.calls("overlay").get(0);
        assertEquals(
            List.of(stale.base() + from, from, to - from),
            List.of(overlay.number(1), overlay.number(2), overlay.number(3)));
        faults.reset();
        for (int i = 0; i < 1000; i++) {
          stale.putLong(to - 8, stale.getLong(to - 16) + i);
        }
        stale.catchUp();
        assertEquals(List.of(), faults.calls());
      }
    }
  }

  private static List<String> names(List<Call> calls) {
    return calls.stream().map(Call::method).toList();
  }

  /** Number 3: what is not shared cannot be written. */
  @Test
  void staleAttachmentNeverWritesIntoPrivateMemory() {
    try (Heap writer = plain().create(path());
        Heap stale = Heap.builder().anyAddress().attach(path())) {
      assertThrows(IndexOutOfBoundsException.class, () -> stale.putByte(PAGE, (byte) 1));
      long to = writer.grow();
      stale.putByte(PAGE, (byte) 7);
      stale.fill(PAGE + 1, to - PAGE - 1, (byte) 8);
      assertEquals(7, writer.getByte(PAGE));
      assertEquals(8, writer.getByte(to - 1));
    }
  }

  /** Number 4: growth that somebody else made may not be enough. */
  @Test
  void growingToALengthIsNotContentWithLess() {
    try (Heap one = plain().create(path());
        Heap two = Heap.builder().anyAddress().attach(path())) {
      one.grow();
      assertEquals(5L * PAGE, two.growTo(4L * PAGE + 1));
      assertEquals(2L * PAGE, one.mappedLength());
      assertEquals(10L * PAGE, one.ensure(6L * PAGE), "5 pages are doubled");
    }
  }

  @Test
  void growthThatSomebodyElseHasJustMadeIsEnough() {
    try (Heap one = plain().create(path());
        Heap two = Heap.builder().anyAddress().attach(path())) {
      long grown = one.grow();
      assertEquals(grown, two.grow());
      assertEquals(grown, one.length());
      assertEquals(grown, two.ensure(grown));
      assertEquals(grown, two.growTo(1));
      assertEquals(grown, two.growTo(-1));
    }
  }

  @Test
  void spanIsTheLimit() {
    try (Heap heap = plain().create(path())) {
      assertThrows(SpanExceededException.class, () -> heap.growTo(SPAN + 1));
      assertThrows(SpanExceededException.class, () -> heap.ensure(Long.MAX_VALUE));
      assertEquals(SPAN, heap.growTo(SPAN));
      assertThrows(SpanExceededException.class, heap::grow);
      heap.putByte(SPAN - 1, (byte) 1);
      assertThrows(IndexOutOfBoundsException.class, () -> heap.putByte(SPAN, (byte) 1));
    }
  }

  @Test
  void policyOfTheCallerIsCutAndRaisedToWhatIsPossible() {
    for (long answer : new long[] {Long.MIN_VALUE, -1, 0, 1, PAGE + 1, SPAN + 1, Long.MAX_VALUE}) {
      try (Heap heap = plain().growth((length, needed, span) -> answer).create(path())) {
        long grown = heap.ensure(PAGE + 1);
        assertEquals(0, grown % PAGE);
        assertEquals(answer > SPAN ? SPAN : 2L * PAGE, grown, "policy says " + answer);
        heap.remove();
      }
    }
  }

  @Test
  void growthThatThrowsInThePolicyChangesNothing() {
    GrowthPolicy broken =
        (length, needed, span) -> {
          throw new ArithmeticException("broken policy");
        };
    try (Heap heap = plain().growth(broken).create(path())) {
      assertThrows(ArithmeticException.class, heap::grow);
      assertEquals(PAGE, heap.length());
      assertEquals(2L * PAGE, heap.growTo(2L * PAGE));
    }
  }

  /** Number 6: a full file system is an exception now, not a dead process later. */
  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG})
  void fullFileSystemIsAnExceptionAndTheHeapStays(int errno) {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = plain().platform(faults.platform()).create(path())) {
      faults.reset().fail("allocate", 1, errno);
      OutOfSpaceException thrown = assertThrows(OutOfSpaceException.class, heap::grow);
      assertTrue(thrown.getMessage().contains(Errno.describe(errno)), thrown.getMessage());
      assertEquals(PAGE, heap.length());
      assertEquals(2L * PAGE, heap.grow());
    }
  }

  @Test
  void fileSystemThatCannotAllocateGetsZerosWritten() throws IOException {
    FaultySystemCalls faults = new FaultySystemCalls();
    faults.fail("allocate", FaultySystemCalls.EVERY, Errno.EOPNOTSUPP);
    faults.instead(
        "write",
        FaultySystemCalls.EVERY,
        (call, arguments) -> {
          byte[] all = (byte[]) arguments[1];
          byte[] some = Arrays.copyOf(all, Math.min(all.length, 5000));
          return call.with(arguments[0], some, arguments[2]);
        });
    try (Heap heap = plain().platform(faults.platform()).create(path())) {
      heap.putBytes(24, content(PAGE - 24));
      heap.growTo(5L * PAGE);
      assertEquals(5L * PAGE, Files.size(path()));
      assertArrayEquals(content(PAGE - 24), heap.getBytes(24, PAGE - 24));
      assertArrayEquals(new byte[4 * PAGE], heap.getBytes(PAGE, 4 * PAGE));
      faults.fail("write", FaultySystemCalls.EVERY, Errno.ENOSPC);
      assertThrows(OutOfSpaceException.class, heap::grow);
      assertEquals(5L * PAGE, heap.length());
    }
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) (i * 13 + 1);
    }
    return content;
  }

  /** Number 22: a signal is no failure. */
  @Test
  void interruptedSystemCallsAreMadeAgain() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = plain().platform(faults.platform()).create(path())) {
      faults.reset().fail("allocate", 1, Errno.EINTR).fail("allocate", 2, Errno.EINTR);
      assertEquals(2L * PAGE, heap.grow());
      assertEquals(3, faults.calls("allocate").size());
    }
    assertTrue(path().toFile().delete());
    try (Heap heap =
        plain().backing(Backing.SPARSE).platform(faults.reset().platform()).create(path())) {
      faults.reset().fail("truncate", 1, Errno.EINTR);
      assertEquals(2L * PAGE, heap.grow());
    }
  }

  /** Number 22: an error number of the unlocking does not hide that the growth failed. */
  @Test
  void failureOfTheUnlockingDoesNotHideTheFailureOfTheGrowth() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap = plain().platform(faults.platform()).create(path())) {
      faults.reset().fail("allocate", 1, Errno.ENOSPC).fail("unlockFile", 1, Errno.EBADF);
      OutOfSpaceException thrown = assertThrows(OutOfSpaceException.class, heap::grow);
      assertEquals(1, thrown.getSuppressed().length);
    }
  }

  @Test
  void sparseGrowthTakesNoMemory() throws IOException {
    try (Heap heap = Heap.builder().plain().span(SPAN).backing(Backing.SPARSE).create(path())) {
      heap.growTo(SPAN);
      assertEquals(SPAN, Files.size(path()));
      assertTrue(blocks(path()) <= 2L * PAGE, () -> "bytes on storage: " + blocks(path()));
    }
    try (Heap heap = Heap.builder().plain().span(SPAN).create(directory.resolve("full"))) {
      heap.growTo(SPAN);
      assertTrue(blocks(directory.resolve("full")) >= SPAN);
    }
  }

  private static long blocks(Path file) {
    try {
      Process stat =
          new ProcessBuilder("stat", "-c", "%b", file.toString()).redirectErrorStream(true).start();
      return 512
          * Long.parseLong(
              new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void readOnlyAttachmentFollowsButDoesNotGrow() {
    try (Heap writer = plain().create(path());
        Heap reader = Heap.builder().readOnly().anyAddress().attach(path())) {
      assertThrows(ReadOnlyHeapException.class, reader::grow);
      assertThrows(ReadOnlyHeapException.class, () -> reader.growTo(SPAN));
      long grown = writer.grow();
      writer.putByte(grown - 1, (byte) 4);
      assertEquals(4, reader.getByte(grown - 1));
      assertThrows(ReadOnlyHeapException.class, () -> reader.putByte(grown - 1, (byte) 1));
    }
  }

  /** Number 8, while attached: a length that has become nonsense is not followed. */
  @Test
  void damagedLengthIsNotFollowed() throws IOException {
    try (Heap heap = plain().create(path())) {
      for (long nonsense : new long[] {PAGE + 1L, SPAN + PAGE, 1L << 62}) {
        store(nonsense);
        assertThrows(DamagedHeapException.class, () -> heap.getByte(PAGE), () -> "" + nonsense);
        assertThrows(DamagedHeapException.class, heap::grow);
      }
      store(2L * PAGE);
      assertThrows(TruncatedHeapException.class, () -> heap.getByte(PAGE));
      for (long lower : new long[] {0, -1, Long.MIN_VALUE, PAGE / 2}) {
        store(lower);
        assertEquals(0, heap.getByte(PAGE - 1));
        assertThrows(IndexOutOfBoundsException.class, () -> heap.getByte(PAGE));
      }
      store(PAGE);
      assertEquals(2L * PAGE, heap.grow());
    }
  }

  private void store(long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "rw")) {
      file.writeLong(Long.reverseBytes(length));
    }
  }

  @Test
  void threadsOfOneAttachmentAndOfTwoGrowTogether() throws Exception {
    int threads = 4;
    int perThread = 50;
    try (Heap one = plain().growth(GrowthPolicy.step(1)).create(path());
        Heap two = Heap.builder().anyAddress().growth(GrowthPolicy.step(1)).attach(path())) {
      List<FutureTask<Void>> tasks = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Heap heap = t % 2 == 0 ? one : two;
        int mine = t;
        tasks.add(
            new FutureTask<>(
                () -> {
                  for (int i = 0; i < perThread; i++) {
                    long offset = PAGE + ((long) i * threads + mine) * 1024;
                    heap.ensure(offset + 1024);
                    heap.fill(offset, 1024, (byte) (mine + 1));
                  }
                  return null;
                }));
      }
      tasks.forEach(t -> new Thread(t).start());
      for (FutureTask<Void> task : tasks) {
        task.get();
      }
      for (int i = 0; i < threads * perThread; i++) {
        byte[] expected = new byte[1024];
        Arrays.fill(expected, (byte) (i % threads + 1));
        assertArrayEquals(expected, one.getBytes(PAGE + i * 1024L, 1024));
      }
      assertEquals(one.length(), two.catchUp());
      assertFalse(one.length() > PAGE + 1024L * threads * perThread + PAGE);
    }
  }

  @Test
  void growthsAreCounted() {
    try (Heap heap = Heap.builder().span(SPAN).create(path())) {
      heap.grow();
      heap.grow();
      heap.growTo(1);
      assertEquals(2, HeapInfo.of(path()).growths());
    }
  }

  @Test
  void closedHeapDoesNotGrow() {
    Heap heap = plain().create(path());
    heap.close();
    assertThrows(IllegalStateException.class, heap::grow);
    assertThrows(IllegalStateException.class, () -> heap.growTo(1));
    assertThrows(IllegalStateException.class, () -> heap.ensure(1));
    assertThrows(IllegalStateException.class, () -> heap.ensure(0));
    assertThrows(IllegalStateException.class, heap::length);
    assertThrows(IllegalStateException.class, heap::catchUp);
    assertThrows(IllegalStateException.class, heap::flush);
  }

  /** As in a container, whose /dev/shm has 64 MiB. */
  @Test
  void whatThePolicyWishesBeyondTheNeedDoesNotMakeGrowthFail() {
    FaultySystemCalls faults = new FaultySystemCalls();
    long room = 40L * PAGE;
    try (Heap heap =
        Heap.builder().span(SPAN).platform(faults.platform()).length(PAGE).create(path())) {
      long before = heap.length();
      faults.instead(
          "allocate",
          FaultySystemCalls.EVERY,
          (call, arguments) -> {
            if ((long) arguments[1] + (long) arguments[2] > before + room) {
              throw new SystemCallException("fallocate", Errno.ENOSPC, "no room");
            }
            return call.with(arguments);
          });
      for (long needed = before + PAGE; needed <= before + room; needed += PAGE) {
        assertTrue(heap.ensure(needed) >= needed);
      }
      assertThrows(OutOfSpaceException.class, () -> heap.ensure(before + room + 1));
      assertEquals(before + room, heap.length());
      assertThrows(OutOfSpaceException.class, heap::grow);
    }
  }

  @Test
  void whatTheWishHasNoRoomForIsHalvedSoThatSmallStepsCostFewGrowths() {
    FaultySystemCalls faults = new FaultySystemCalls();
    try (Heap heap =
        Heap.builder()
            .span(1L << 30)
            .growth((length, needed, span) -> span)
            .platform(faults.platform())
            .create(path())) {
      faults.reset();
      faults.instead(
          "allocate",
          FaultySystemCalls.EVERY,
          (call, arguments) -> {
            if ((long) arguments[1] + (long) arguments[2] > 20 << 20) {
              throw new SystemCallException("fallocate", Errno.ENOSPC, "no room");
            }
            return call.with(arguments);
          });
      long length = heap.ensure(heap.length() + 1);
      assertTrue(length > 10 << 20, "" + length);
      assertTrue(faults.calls("allocate").size() < 10);
    }
  }

  @Test
  void policyRunsWithoutALockAndMayCloseTheHeap() {
    Heap[] heap = new Heap[1];
    heap[0] =
        Heap.builder()
            .span(SPAN)
            .growth(
                (length, needed, span) -> {
                  heap[0].growTo(needed + PAGE);
                  heap[0].close();
                  return needed;
                })
            .create(path());
    long needed = heap[0].length() + 1;
    assertThrows(IllegalStateException.class, () -> heap[0].ensure(needed));
    assertFalse(heap[0].isOpen());
    try (Heap again = Heap.attach(path())) {
      assertTrue(again.length() > needed);
    }
  }
}
