package dev.rszshm.tests.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.pool.BlockTask;
import dev.rszshm.structures.pool.RangeTask;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskCalls;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.WorkerPool;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the workers of the tests run. */
public final class PoolTasks {
  private PoolTasks() {}

  /** A task from text to text. */
  abstract static class Texts implements Task<String, String> {
    @Override
    public Codec<String> argumentCodec() {
      return Codecs.strings();
    }

    @Override
    public Codec<String> resultCodec() {
      return Codecs.strings();
    }
  }

  /** Reverses a text. */
  public static final class Reverse extends Texts {
    @Override
    public String run(String text, TaskContext context) {
      return new StringBuilder(text).reverse().toString();
    }
  }

  /** Waits for a task of the pool that runs it, in a way of several. */
  public static final class WaitingForOwn extends Texts {
    static final List<String> WAYS =
        List.of("get", "join", "dependent", "submit", "range", "shutdown", "close");

    @Override
    public String run(String way, TaskContext context) throws Exception {
      WorkerPool pool = WorkerPool.open(context.allocator(), "pool");
      TaskCalls<String, String> reverse = pool.calls(Reverse.class);
      switch (way) {
        case "get" -> reverse.submit("ab").get();
        case "join" -> reverse.submit("ab").join();
        case "dependent" -> reverse.submit("ab").thenApply(text -> text).get();
        case "submit" -> {
          while (true) {
            CompletableFuture<String> unused = reverse.submit("ab");
          }
        }
        case "range" -> pool.parallelFor(0, 1, 1, Fill.class);
        case "shutdown" -> pool.awaitTermination(Duration.ofMinutes(2));
        default -> {
          CompletableFuture<String> unused = reverse.submit("ab");
          pool.close();
        }
      }
      return way;
    }
  }

  /** Prints its argument on standard output. */
  public static final class Printing extends Texts {
    @Override
    public String run(String text, TaskContext context) {
      System.out.println(text);
      return text;
    }
  }

  /** Throws what cannot say its own message. */
  public static final class ThrowingMute extends Texts {
    @Override
    public String run(String text, TaskContext context) {
      throw new MuteException();
    }
  }

  /** Its message throws an error. */
  static final class MuteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new AssertionError("no message");
    }
  }

  /** Throws. */
  public static final class Throwing extends Texts {
    @Override
    public String run(String text, TaskContext context) {
      throw new UnsupportedOperationException("not " + text);
    }
  }

  /** Allocates and ends its process, with a last word. */
  public static final class Dying extends Texts {
    @Override
    public String run(String text, TaskContext context) {
      for (int i = 0; i < 200; i++) {
        context.allocate(1000);
      }
      System.err.println("the last word: " + text);
      Runtime.getRuntime().halt(7);
      return text;
    }
  }

  /**
   * Waits until two of these run, counted by the word at the offset that is the last part of its
   * argument; then one that is to kill its worker does, and the other one goes on for a while.
   */
  public static final class BesideKiller extends Texts {
    private static final long LONG_MILLIS = 300;

    @Override
    public String run(String text, TaskContext context) throws Exception {
      String[] parts = text.split(" ");
      Heap heap = context.heap();
      long arrived = Long.parseLong(parts[1]);
      heap.getAndAddLong(arrived, 1);
      while (heap.getLongVolatile(arrived) < 2) {
        Thread.sleep(1);
      }
      if (parts[0].equals("killer")) {
        Runtime.getRuntime().halt(7);
      }
      Thread.sleep(context.deaths() == 0 ? Long.MAX_VALUE : LONG_MILLIS);
      return "alive";
    }
  }

  /** A codec that has no bytes for some texts, and reads what it has as null. */
  static final class NullCodec implements Codec<String> {
    @Override
    public int length(String text) {
      return 0;
    }

    @Override
    public void encode(String text, ByteBuffer to) {
      // Nothing.
    }

    @Override
    @SuppressWarnings("NullAway")
    public byte[] encode(String text) {
      return text.equals("null") ? null : new byte[0];
    }

    @Override
    @SuppressWarnings("NullAway")
    public String decode(ByteBuffer from) {
      return null;
    }
  }

  /** The codec of its argument returns null. */
  public static final class NullArgument extends Texts {
    @Override
    public Codec<String> argumentCodec() {
      return new NullCodec();
    }

    @Override
    public String run(String text, TaskContext context) {
      return String.valueOf(text);
    }
  }

  /** The codec of its result returns null. */
  public static final class NullResult extends Texts {
    @Override
    public Codec<String> resultCodec() {
      return new NullCodec();
    }

    @Override
    public String run(String text, TaskContext context) {
      return text;
    }
  }

  /** Has no codec for its result. */
  public static final class NoCodec extends Texts {
    @Override
    @SuppressWarnings("NullAway")
    public Codec<String> resultCodec() {
      return null;
    }

    @Override
    public String run(String text, TaskContext context) {
      return text;
    }
  }

  /** Ends its process, and says why at length. */
  public static final class DyingOfAnException extends Texts {
    @Override
    public String run(String text, TaskContext context) {
      try {
        recurse(0);
      } catch (StackOverflowError e) {
        new IllegalArgumentException("the reason is " + text, e).printStackTrace();
      }
      System.err.println("the last word");
      Runtime.getRuntime().halt(7);
      return text;
    }

    private static int recurse(int depth) {
      return depth < 0 ? depth : recurse(depth + 1) + 1;
    }
  }

  /** Adds one to the long at the offset that is its argument, and waits until it is negative. */
  public static final class Waiting implements Task<Long, Long> {
    @Override
    public Codec<Long> argumentCodec() {
      return Codecs.longs();
    }

    @Override
    public Codec<Long> resultCodec() {
      return Codecs.longs();
    }

    @Override
    public Long run(Long place, TaskContext context) throws InterruptedException {
      Heap heap = context.heap();
      heap.getAndAddLong(place, 1);
      while (heap.getLongVolatile(place) >= 0) {
        Thread.sleep(1);
      }
      return place;
    }
  }

  /** Adds one to each byte of its part of the range, whose first byte is at the offset. */
  public static final class Fill implements RangeTask {
    @Override
    public void run(long from, long to, TaskContext context) {
      for (long at = from; at < to; at++) {
        context.heap().putByte(at, (byte) 1);
      }
    }
  }

  /** Doubles the longs of its argument, into a block of its own, and leaves others behind. */
  public static final class Doubling implements BlockTask {
    @Override
    public void run(TaskContext context) {
      long length = context.argumentLength();
      context.allocate(64);
      long block = context.allocate(length);
      for (long i = 0; i < length; i += Long.BYTES) {
        context.heap().putLong(block + i, 2 * context.argument().getLong(i));
      }
      context.setResult(block, length);
    }
  }

  /**
   * Argument: a number and the offset of a word. The first to find the word 0 puts its process id
   * there, and stops its process until the word changes. Makes a block with twice the number.
   */
  public static final class Standing implements BlockTask {
    @Override
    public void run(TaskContext context) throws Exception {
      long block = context.allocate(16);
      long pid = ProcessHandle.current().pid();
      if (context.heap().compareAndSetLong(context.argument().getLong(8), 0, pid)) {
        new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
        // The signal may reach this thread later than others: up to then it stands here.
        while (context.heap().getLongVolatile(context.argument().getLong(8)) == pid) {
          context.heap().pause(Duration.ofMillis(1));
        }
      }
      context.heap().putLong(block, 2 * context.argument().getLong(0));
      context.setResult(block, 16);
    }
  }

  /**
   * Argument: a number and the offset of a count. Counts one, and makes a block with the number, in
   * some time.
   */
  public static final class Counting implements BlockTask {
    @Override
    public void run(TaskContext context) {
      long number = context.argument().getLong(0);
      context.heap().getAndAddLong(context.argument().getLong(8), 1);
      for (int i = 0; i < 10; i++) {
        context.allocate(100);
      }
      long block = context.allocate(16);
      context.heap().putLong(block, number);
      context.setResult(block, 16);
    }
  }
}
