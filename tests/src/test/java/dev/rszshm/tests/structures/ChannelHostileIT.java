package dev.rszshm.tests.structures;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.Claim;
import dev.rszshm.structures.channel.Message;
import dev.rszshm.testkit.faults.HostileWords;
import dev.rszshm.tests.Storm;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Any word of a channel may be any other. */
class ChannelHostileIT {
  private static final Duration BRIEFLY = Duration.ofMillis(5);

  /** A channel with three messages. */
  public static final class Trial implements HostileWords.Trial {
    private static long place(Heap heap) {
      return heap.dataOffset() + 127 & -128;
    }

    private static Channel channel(Heap heap) {
      return Channel.at(heap, place(heap));
    }

    @Override
    public void prepare(Heap heap) {
      Channel channel = Channel.at(heap, place(heap), ChannelSpec.of(8, Width.variable(40)));
      for (int i = 1; i < 4; i++) {
        channel.sendUninterruptibly(new byte[10 * i]);
      }
    }

    @Override
    public long to(Heap heap) {
      return place(heap) + 4096;
    }

    @Override
    public Map<String, HostileWords.Operation> operations() {
      return Map.of(
          "1 size",
          heap -> {
            channel(heap).size();
            channel(heap).remainingCapacity();
            channel(heap).isShutdown();
          },
          "2 take",
          heap -> {
            Message message = channel(heap).tryTake().orElse(null);
            if (message != null) {
              message.close();
            }
          },
          "3 send",
          heap -> channel(heap).send(new byte[20], BRIEFLY),
          "4 claim",
          heap -> {
            Claim claim = channel(heap).claim(30, BRIEFLY).orElse(null);
            if (claim != null) {
              claim.close();
            }
          },
          "5 receive all",
          heap -> channel(heap).tryReceiveAll(20),
          "6 receive",
          heap -> channel(heap).receive(BRIEFLY),
          "7 send again",
          heap -> {
            for (int i = 0; i < 10 && channel(heap).trySend(new byte[30]); i++) {
              channel(heap).tryReceive();
            }
          });
    }
  }

  @Test
  void noWordOfAChannelCrashesHangsOrConfusesItsUsers() {
    HostileWords.of(Trial.class).rounds(Storm.count(150, 10_000)).run();
  }
}
