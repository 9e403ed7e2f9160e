package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.ChannelSpec.Kind;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Channels of every kind, and what tests do with all of them. */
public final class Kinds {
  private static final long PATIENCE_SECONDS = 180;

  private Kinds() {}

  public static Heap heap() {
    return Heap.builder().participants(4).length(1 << 20).createAnonymous();
  }

  public static long place(Heap heap) {
    return heap.dataOffset() + 127 & -128;
  }

  public static Channel channel(Heap heap, ChannelSpec spec) {
    heap.ensure(place(heap) + spec.length(heap));
    return Channel.at(heap, place(heap), spec);
  }

  /** All depths with all widths, and a stream. */
  public static List<ChannelSpec> all() {
    List<ChannelSpec> specs = new ArrayList<>(buffered());
    for (Width width : widths()) {
      specs.add(ChannelSpec.of(0, width));
    }
    return specs;
  }

  /** With one sender, one receiver, or both, and all others. */
  public static List<ChannelSpec> withSingleEnds() {
    List<ChannelSpec> specs = all();
    for (ChannelSpec spec :
        List.of(
            ChannelSpec.of(0, Width.variable(20)),
            ChannelSpec.of(1, Width.empty()),
            ChannelSpec.of(3, Width.variable(20)),
            ChannelSpec.of(40, Width.fixed(11)),
            ChannelSpec.stream(1024))) {
      specs.add(spec.singleSender().singleReceiver());
      specs.add(spec.singleSender());
      specs.add(spec.singleReceiver());
    }
    return specs;
  }

  public static List<ChannelSpec> buffered() {
    List<ChannelSpec> specs = new ArrayList<>();
    for (Width width : widths()) {
      specs.add(ChannelSpec.of(1, width));
      specs.add(ChannelSpec.of(3, width));
    }
    specs.add(ChannelSpec.stream(1024));
    return specs;
  }

  private static List<Width> widths() {
    return List.of(Width.empty(), Width.fixed(11), Width.variable(20));
  }

  /** A message that fits, and says a number as far as it has room. */
  public static byte[] message(ChannelSpec spec, int number) {
    int length =
        switch (spec.width().kind()) {
          case EMPTY -> 0;
          case FIXED -> spec.width().bytes();
          case VARIABLE -> number % (spec.width().bytes() + 1);
          case STREAM -> number % 100;
        };
    return bytes(length, number);
  }

  public static byte[] bytes(int length, int number) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (number * 31 + i * 7 + (i >>> 8));
    }
    return bytes;
  }

  public static boolean hasContent(ChannelSpec spec) {
    return spec.width().kind() != Kind.EMPTY;
  }

  /** Runs something in another thread. */
  public static <T> FutureTask<T> inThread(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  public static <T> T get(FutureTask<T> task) throws Exception {
    return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
