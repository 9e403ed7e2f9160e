package dev.rszshm.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntConsumer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Structures of the JDK, used by threads, are accepted; one that loses updates is not. */
class ConcurrentStructuresTest {
  private static final int THREADS = 3;
  private static final int EACH = 300;

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void atomicReferenceIsARegister(
      @ForAll("register") List<List<RegisterModel.Operation<Integer>>> ofThreads)
      throws InterruptedException, ExecutionException {
    AtomicReference<Integer> register = new AtomicReference<>();
    assertLinearizable(ofThreads, o -> RealObjects.call(register, o), new RegisterModel<>(null));
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void atomicLongIsACounter(@ForAll("counter") List<List<CounterModel.Operation>> ofThreads)
      throws InterruptedException, ExecutionException {
    AtomicLong counter = new AtomicLong();
    assertLinearizable(ofThreads, o -> RealObjects.call(counter, o), new CounterModel(0));
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void concurrentHashMapIsAMap(
      @ForAll("map") List<List<MapModel.Operation<String, Integer>>> ofThreads)
      throws InterruptedException, ExecutionException {
    ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
    assertLinearizable(ofThreads, o -> RealObjects.call(map, o), new MapModel<>());
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void concurrentHashMapHasASet(@ForAll("set") List<List<SetModel.Operation<Integer>>> ofThreads)
      throws InterruptedException, ExecutionException {
    var set = ConcurrentHashMap.<Integer>newKeySet();
    assertLinearizable(ofThreads, o -> RealObjects.call(set, o), new SetModel<>());
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void concurrentLinkedQueueIsAQueue(
      @ForAll("queue") List<List<QueueModel.Operation<Integer>>> ofThreads)
      throws InterruptedException, ExecutionException {
    ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
    assertLinearizable(ofThreads, o -> RealObjects.call(queue, o), QueueModel.unbounded());
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void arrayBlockingQueueIsABoundedQueue(
      @ForAll("queue") List<List<QueueModel.Operation<Integer>>> ofThreads)
      throws InterruptedException, ExecutionException {
    ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(2);
    assertLinearizable(ofThreads, o -> RealObjects.call(queue, o), QueueModel.bounded(2));
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void concurrentLinkedDequeIsAStack(
      @ForAll("stack") List<List<StackModel.Operation<Integer>>> ofThreads)
      throws InterruptedException, ExecutionException {
    ConcurrentLinkedDeque<Integer> stack = new ConcurrentLinkedDeque<>();
    assertLinearizable(ofThreads, o -> RealObjects.call(stack, o), new StackModel<>());
  }

  @Test
  void aSemaphoreWithOnePermitIsALock() throws InterruptedException, ExecutionException {
    Semaphore lock = new Semaphore(1);
    HistoryRecorder<LockModel.Operation, LockModel.Answer> recorder = new HistoryRecorder<>();
    inThreads(
        thread -> {
          String process = "p" + thread;
          Random random = new Random(thread);
          for (int i = 0; i < EACH; i++) {
            boolean waits = random.nextBoolean();
            LockModel.Answer answer =
                recorder.record(
                    process,
                    waits ? new LockModel.Acquire() : new LockModel.TryAcquire(),
                    () -> {
                      if (waits) {
                        lock.acquireUninterruptibly();
                        return LockModel.Answer.ACQUIRED;
                      }
                      return lock.tryAcquire() ? LockModel.Answer.ACQUIRED : LockModel.Answer.BUSY;
                    });
            if (answer == LockModel.Answer.ACQUIRED) {
              var release = recorder.invoke(process, new LockModel.Release());
              lock.release();
              release.returned();
            }
          }
        });
    Linearizability.requireLinearizable(recorder.history(), LockModel.silent());
  }

  @Test
  void aCounterThatIsReadAndThenWrittenLosesUpdates() {
    HistoryRecorder<CounterModel.Operation, Long> recorder = new HistoryRecorder<>();
    long[] word = new long[1];
    var first = recorder.invoke("p1", new CounterModel.GetAndAdd(1));
    long readByFirst = word[0];
    var second = recorder.invoke("p2", new CounterModel.GetAndAdd(1));
    long readBySecond = word[0];
    word[0] = readBySecond + 1;
    second.returned(readBySecond);
    word[0] = readByFirst + 1;
    first.returned(readByFirst);
    assertEquals(1, word[0]);
    assertFalse(Linearizability.check(recorder.history(), new CounterModel(0)).isLinearizable());
  }

  private static <O, R> void assertLinearizable(
      List<List<O>> ofThreads, Function<O, R> object, Model<?, O, R> model)
      throws InterruptedException, ExecutionException {
    HistoryRecorder<O, R> recorder = new HistoryRecorder<>();
    inThreads(
        thread -> {
          for (O operation : ofThreads.get(thread)) {
            recorder.record("p" + thread, operation, () -> object.apply(operation));
          }
        });
    Linearizability.requireLinearizable(recorder.history(), model);
  }

  private static void inThreads(IntConsumer task) throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        Callable<Void> body =
            () -> {
              start.await();
              task.accept(thread);
              return null;
            };
        running.add(pool.submit(body));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Provide
  Arbitrary<List<List<RegisterModel.Operation<Integer>>>> register() {
    return forThreads(Operations.register());
  }

  @Provide
  Arbitrary<List<List<CounterModel.Operation>>> counter() {
    return forThreads(Operations.counter());
  }

  @Provide
  Arbitrary<List<List<MapModel.Operation<String, Integer>>>> map() {
    return forThreads(Operations.map());
  }

  @Provide
  Arbitrary<List<List<SetModel.Operation<Integer>>>> set() {
    return forThreads(Operations.set());
  }

  @Provide
  Arbitrary<List<List<QueueModel.Operation<Integer>>>> queue() {
    return forThreads(Operations.queue());
  }

  @Provide
  Arbitrary<List<List<StackModel.Operation<Integer>>>> stack() {
    return forThreads(Operations.stack());
  }

  private static <O> Arbitrary<List<List<O>>> forThreads(Arbitrary<O> operations) {
    return operations.list().ofSize(EACH).list().ofSize(THREADS);
  }
}
