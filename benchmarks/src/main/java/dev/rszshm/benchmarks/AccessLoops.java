package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Loops over a megabyte: each operation gets a value and puts another, or changes it atomically.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class AccessLoops {
  static final int OPERATIONS = 8192;
  static final int BLOCK = 1 << 16;

  /** How the megabyte is accessed, see {@link AccessTarget}. */
  @Param({"memory", "heap", "region", "array"})
  public String target;

  private final int[] offsets = new int[OPERATIONS];
  private final byte[] block = new byte[BLOCK];
  private Heap heap;
  private AccessTarget bytes;
  private long largest;

  /** For JMH. */
  public AccessLoops() {}

  /** Makes a heap. */
  @Setup
  public void create() {
    heap = Heap.builder().length(AccessTarget.LENGTH).create();
    bytes = AccessTarget.of(target, heap);
    bytes.fill(0, AccessTarget.LENGTH, (byte) 1);
    Random random = new Random(42);
    for (int i = 0; i < OPERATIONS; i++) {
      offsets[i] = random.nextInt(AccessTarget.LENGTH / Long.BYTES) * Long.BYTES;
    }
  }

  /** Removes it. */
  @TearDown
  public void remove() {
    heap.remove();
    heap.close();
  }

  @Benchmark
  public void byteRandom() {
    AccessTarget b = bytes;
    for (int at : offsets) {
      b.putByte(at, (byte) (b.getByte(at) + 1));
    }
  }

  @Benchmark
  public void intRandom() {
    AccessTarget b = bytes;
    for (int at : offsets) {
      b.putInt(at, b.getInt(at) + 1);
    }
  }

  @Benchmark
  public void longRandom() {
    AccessTarget b = bytes;
    for (int at : offsets) {
      b.putLong(at, b.getLong(at) + 1);
    }
  }

  @Benchmark
  public void byteSequential() {
    AccessTarget b = bytes;
    for (int i = 0; i < OPERATIONS; i++) {
      b.putByte(i, (byte) (b.getByte(i) + 1));
    }
  }

  @Benchmark
  public void intSequential() {
    AccessTarget b = bytes;
    for (int i = 0; i < OPERATIONS; i++) {
      long at = (long) i * Integer.BYTES;
      b.putInt(at, b.getInt(at) + 1);
    }
  }

  @Benchmark
  public void longSequential() {
    AccessTarget b = bytes;
    for (int i = 0; i < OPERATIONS; i++) {
      long at = (long) i * Long.BYTES;
      b.putLong(at, b.getLong(at) + 1);
    }
  }

  @Benchmark
  public long longSum() {
    AccessTarget b = bytes;
    long sum = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      sum += b.getLong((long) i * Long.BYTES);
    }
    return sum;
  }

  @Benchmark
  public long longSumInOneCall() {
    return bytes.sumLongs(OPERATIONS);
  }

  @Benchmark
  public void longFillInOneCall() {
    bytes.fillLongs(OPERATIONS, 7);
  }

  @Benchmark
  public long longForEachInOneCall() {
    largest = Long.MIN_VALUE;
    bytes.forEachLong(OPERATIONS, value -> largest = Math.max(largest, value));
    return largest;
  }

  @Benchmark
  public void longReplaceInOneCall() {
    bytes.replaceAllLongs(OPERATIONS, value -> value + 1);
  }

  @Benchmark
  public void intReplaceInOneCall() {
    bytes.replaceAllInts(OPERATIONS, value -> value + 1);
  }

  @Benchmark
  public void getAndAddInt() {
    AccessTarget b = bytes;
    for (int at : offsets) {
      b.addInt(at, 1);
    }
  }

  @Benchmark
  public void getAndAddLong() {
    AccessTarget b = bytes;
    for (int at : offsets) {
      b.addLong(at, 1);
    }
  }

  @Benchmark
  public void compareAndSetLong() {
    AccessTarget b = bytes;
    for (int at : offsets) {
      long seen = b.getLong(at);
      b.compareAndSetLong(at, seen, seen + 1);
    }
  }

  @Benchmark
  public void copyInPerByte() {
    bytes.copyIn(block, 0);
  }

  @Benchmark
  public void fillPerByte() {
    bytes.fill(0, BLOCK, (byte) 1);
  }
}
