package dev.rszshm.benchmarks;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.pool.RangeTask;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.worker.WorkerBody;
import dev.rszshm.structures.worker.WorkerContext;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;

/** What the workers of {@link PoolBenchmark} do. */
final class PoolWork {
  static final int BATCH = 1000;
  private static final ChannelSpec CHANNEL = ChannelSpec.of(64, Width.fixed(8));

  private PoolWork() {}

  static Channel there(Allocator allocator) {
    return Channel.named(allocator, "there", CHANNEL);
  }

  static Channel back(Allocator allocator) {
    return Channel.named(allocator, "back", CHANNEL);
  }

  /** Adds one: nearly nothing. */
  public static final class Next implements Task<Integer, Integer> {
    @Override
    public Codec<Integer> argumentCodec() {
      return Codecs.ints();
    }

    @Override
    public Codec<Integer> resultCodec() {
      return Codecs.ints();
    }

    @Override
    public Integer run(Integer number, TaskContext context) {
      return number + 1;
    }
  }

  /** Sets the bytes of its part of the heap. */
  public static final class Fill implements RangeTask {
    @Override
    public void run(long from, long to, TaskContext context) {
      context.heap().fill(from, to - from, (byte) 1);
    }
  }

  /** Computes the numbers of its part of the heap: much work for little memory. */
  public static final class Compute implements RangeTask {
    private static final int STEPS = 16;

    @Override
    public void run(long from, long to, TaskContext context) {
      compute(context.heap(), from, to);
    }

    static void compute(Heap heap, long from, long to) {
      for (long at = from; at < to; at += Long.BYTES) {
        heap.putLong(at, mixed(at));
      }
    }

    private static long mixed(long number) {
      long mixed = number;
      for (int i = 0; i < STEPS; i++) {
        mixed = (mixed ^ mixed >>> 30) * 0xbf58_476d_1ce4_e5b9L;
      }
      return mixed;
    }
  }

  /** Sends back what comes, until that is nothing. Argument: path of the heap. */
  public static final class Echo implements WorkerBody {
    @Override
    public void run(WorkerContext worker) throws InterruptedException {
      try (Heap heap = Heap.attach(Path.of(worker.arguments().get(0)));
          Allocator allocator = Allocator.on(heap)) {
        Channel there = there(allocator);
        Channel back = back(allocator);
        worker.ready();
        byte[] message = there.receive();
        while (message[0] == 0) {
          back.send(message);
          message = there.receive();
        }
      }
    }
  }

  /**
   * Adds one to each number that comes through standard input, and writes it to standard output.
   */
  public static final class Pipe {
    private Pipe() {}

    /** Goes on until the input ends. */
    public static void main(String[] none) throws IOException, ClassNotFoundException {
      ObjectOutputStream out =
          new ObjectOutputStream(new BufferedOutputStream(System.out, 1 << 16));
      out.flush();
      ObjectInputStream in = new ObjectInputStream(new BufferedInputStream(System.in, 1 << 16));
      try {
        while (true) {
          for (int i = 0; i < BATCH; i++) {
            out.writeObject((Integer) in.readObject() + 1);
          }
          out.reset();
          out.flush();
        }
      } catch (EOFException e) {
        // The other end has closed it.
      }
    }
  }
}
