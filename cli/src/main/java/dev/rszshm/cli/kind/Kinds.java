package dev.rszshm.cli.kind;

import dev.rszshm.structures.bitset.SharedBitSet;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.list.SharedLongList;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.object.ObjectView;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.request.RequestChannel;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.strings.StringTable;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.StoredLayout;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.sync.SynchronizerKind;
import java.util.HashMap;
import java.util.Map;

/** Which kind of structure the type of a root stands for. A new kind is one line here. */
public final class Kinds {
  private static final Kind BYTES = new BytesKind();
  private static final Map<Long, Kind> KINDS = new HashMap<>();

  static {
    KINDS.put(SharedMap.ROOT_TYPE, new MapKind());
    KINDS.put(Channel.ROOT_TYPE, ChannelKind.channel());
    KINDS.put(Topic.ROOT_TYPE, ChannelKind.inside("topic"));
    KINDS.put(RequestChannel.ROOT_TYPE, ChannelKind.inside("request channel"));
    KINDS.put(ObjectView.ROOT_TYPE, new ObjectKind());
    KINDS.put(SharedSortedMap.ROOT_TYPE, new SortedMapKind());
    KINDS.put(SharedQueue.ROOT_TYPE, new QueueKind());
    KINDS.put(WorkerPool.ROOT_TYPE, new PoolKind());
    KINDS.put(SharedDeque.ROOT_TYPE, new DequeKind());
    KINDS.put(RingLog.ROOT_TYPE, new LogKind());
    KINDS.put(SharedList.ROOT_TYPE, new ListKind());
    KINDS.put(SharedLongList.ROOT_TYPE, new LongListKind());
    KINDS.put(SharedBitSet.ROOT_TYPE, new BitSetKind());
    KINDS.put(CounterMap.ROOT_TYPE, new CounterKind());
    KINDS.put(StringTable.ROOT_TYPE, new StringTableKind());
    KINDS.put(SharedArray.ROOT_TYPE, new ArrayKind());
    KINDS.put(StoredLayout.ROOT_TYPE, new LayoutKind());
    for (SynchronizerKind kind : SynchronizerKind.values()) {
      KINDS.put(kind.rootType(), new SynchronizerRoot(kind));
    }
  }

  private Kinds() {}

  /**
   * Returns the kind of a root: a struct, if a layout of this type is stored; bytes of which
   * nothing is known, if its type stands for nothing.
   */
  public static Kind of(Root root) {
    Kind kind = KINDS.get(root.entry().type());
    return kind != null
        ? kind
        : StoredLayout.ofStruct(root.allocator(), root.entry())
            .<Kind>map(StructKind::new)
            .orElse(BYTES);
  }

  /** Says what a root is; if it cannot be read, why. */
  public static Description describe(Root root) {
    try {
      return of(root).describe(root);
    } catch (RuntimeException e) {
      return new Description("unreadable", "cannot be read: " + e.getMessage(), Map.of());
    }
  }
}
