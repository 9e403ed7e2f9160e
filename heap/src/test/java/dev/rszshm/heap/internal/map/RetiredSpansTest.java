package dev.rszshm.heap.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.Backing;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.ProcSelf;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The addresses of a closed heap are free again unless a thread may still touch them. */
@Timeout(300)
class RetiredSpansTest {
  private static final long SPAN = 1 << 20;
  private static final int MANY = 1_000;

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private final AtomicBoolean end = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void endThreads() throws InterruptedException {
    end.set(true);
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
      thread.join();
    }
  }

  private Path path() {
    return directory.resolve("heap");
  }

  private void start(Runnable work) {
    Thread thread = new Thread(work);
    threads.add(thread);
    thread.start();
  }

  private void closeAndAttachAgain(int times) {
    Heap made = Heap.builder().span(SPAN).open(path());
    long base = made.base();
    made.close();
    for (int i = 0; i < times; i++) {
      try (Heap again = Heap.attach(path())) {
        assertEquals(base, again.base());
      }
    }
  }

  private static StackTraceElement frame(String className, String method) {
    return new StackTraceElement(className, method, "Source.java", 1);
  }

  private static StackTraceElement nativeFrame(String className, String method) {
    return new StackTraceElement(className, method, "Source.java", -2);
  }

  private static boolean isOutside(StackTraceElement... stack) {
    return RetiredSpans.isOutside(stack);
  }

  @Test
  void threadIsInsideWhileOnlyTheJdkIsAboveOurCode() {
    StackTraceElement ours = frame("dev.rszshm.heap.PlainAccess", "putLong");
    StackTraceElement users = frame("org.example.Main", "run");
    StackTraceElement jdk = frame("java.lang.invoke.VarHandleGuards", "guard");
    assertFalse(isOutside(ours, users));
    assertFalse(isOutside(jdk, ours, users));
    assertFalse(isOutside(nativeFrame("jdk.internal.misc.Unsafe", "putLong"), ours, users));
    assertFalse(isOutside(frame("com.kenai.jffi.Invoker", "invoke"), ours, users));
  }

  @Test
  void threadIsOutsideInItsOwnCodeInTheJdkAndInTheKernel() {
    StackTraceElement ours = frame("dev.rszshm.allocator.internal.lane.Lane", "allocate");
    StackTraceElement users = frame("org.example.Main", "fill");
    assertTrue(isOutside());
    assertTrue(isOutside(users, ours, users));
    assertTrue(isOutside(frame("java.util.ArrayList", "add"), users, ours));
    assertTrue(isOutside(nativeFrame("sun.nio.ch.Net", "poll"), frame("java.lang.Thread", "run")));
    assertTrue(isOutside(nativeFrame("com.kenai.jffi.Foreign", "invokeN6"), ours, users));
  }

  @Test
  void threadThatCarriesAVirtualOneMayBeInside() {
    assertFalse(isOutside(frame("jdk.internal.vm.Continuation", "run")));
  }

  @Test
  void threadThatWorksInAnotherHeapAllDayKeepsNoAddress() throws Exception {
    try (Heap other = Heap.builder().span(SPAN).createAnonymous()) {
      CountDownLatch working = new CountDownLatch(1);
      start(
          () -> {
            byte[] bytes = new byte[1 << 10];
            while (!end.get()) {
              other.putBytes(other.dataOffset(), bytes);
              working.countDown();
            }
          });
      working.await();
      closeAndAttachAgain(3);
      end.set(true);
      threads.get(0).join();
    }
  }

  @Test
  void threadsThatWaitKeepNoAddress() throws Exception {
    for (int i = 0; i < MANY; i++) {
      start(
          () -> {
            while (!end.get()) {
              LockSupport.park();
            }
          });
    }
    closeAndAttachAgain(20);
  }

  @Test
  void virtualThreadsThatRunAndWaitKeepNoAddress() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with JDK 21");
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(MANY);
    for (int i = 0; i < MANY; i++) {
      startVirtual(
          () -> {
            waiting.countDown();
            while (!end.get()) {
              LockSupport.park();
            }
          });
    }
    waiting.await();
    startVirtual(
        () -> {
          running.countDown();
          while (!end.get()) {
            Thread.onSpinWait();
          }
        });
    running.await();
    closeAndAttachAgain(3);
  }

  private void startVirtual(Runnable work) throws ReflectiveOperationException {
    threads.add(
        (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work));
  }

  /** Nobody may take what a closing process held while its threads can still write. */
  @Test
  void participantLivesUntilItsThreadsCannotReachTheHeap() {
    FaultySystemCalls calls = new FaultySystemCalls();
    Heap heap = Heap.builder().span(SPAN).platform(calls.platform()).create(path());
    try (Heap other = Heap.builder().anyAddress().attach(path())) {
      int tag = heap.self().orElseThrow().tag();
      List<String> order = new ArrayList<>();
      calls.reset();
      calls.before(
          "blank",
          1,
          () -> {
            order.add("blank");
            assertTrue(other.isAlive(tag));
          });
      calls.before(
          "write",
          1,
          () -> {
            order.add("leave");
            assertTrue(other.isAlive(tag));
            assertEquals(
                List.of(),
                ProcSelf.mappingsIn(heap.base(), SPAN).stream()
                    .filter(line -> line.contains(path().toString()))
                    .toList());
          });
      heap.close();
      assertEquals(List.of("blank", "leave"), order);
      assertFalse(other.isAlive(tag));
    }
  }

  /**
   * What a closed heap leaves for those who come too late is not the process's own data, which a
   * limit or strict overcommitment may bound.
   */
  @Test
  void closingChargesNoMemory() throws IOException {
    long length = 4L << 30;
    Heap heap =
        Heap.builder().span(2 * length).length(length).backing(Backing.SPARSE).create(path());
    ByteBuffer late = heap.asByteBuffer(heap.dataOffset(), 8);
    long mapped = heap.mappedLength();
    long before = ownData();
    heap.close();
    assertTrue(ownData() - before < length / 4, "charged: " + (ownData() - before));
    assertEquals(0, late.getLong(0));
    late.putLong(0, 1);
    assertEquals(1, late.getLong(0));
    assertEquals(List.of(), ProcSelf.mappingsIn(heap.base() + mapped, length), "never mapped");
    late = null;
    while (!ProcSelf.mappingsIn(heap.base(), mapped).isEmpty()) {
      System.gc();
      RetiredSpans.release();
    }
  }

  /** Bytes of private writable memory of this process, touched or not. */
  private static long ownData() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmData:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new AssertionError("no VmData");
  }
}
