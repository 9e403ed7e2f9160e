/** Channels, maps, lists, counters, bits, strings and more in a shared heap. */
module dev.rszshm.structures {
  requires transitive dev.rszshm.allocator;
  requires transitive dev.rszshm.sync;
  requires static org.jspecify;
  requires static jdk.jfr; // used where it is there

  exports dev.rszshm.structures.bitset;
  exports dev.rszshm.structures.channel;
  exports dev.rszshm.structures.channel.errors;
  exports dev.rszshm.structures.codec;
  exports dev.rszshm.structures.counters;
  exports dev.rszshm.structures.errors;
  exports dev.rszshm.structures.list;
  exports dev.rszshm.structures.map;
  exports dev.rszshm.structures.map.errors;
  exports dev.rszshm.structures.object;
  exports dev.rszshm.structures.object.errors;
  exports dev.rszshm.structures.pool;
  exports dev.rszshm.structures.pool.errors;
  exports dev.rszshm.structures.queue;
  exports dev.rszshm.structures.queue.errors;
  exports dev.rszshm.structures.request;
  exports dev.rszshm.structures.sorted;
  exports dev.rszshm.structures.strings;
  exports dev.rszshm.structures.struct;
  exports dev.rszshm.structures.struct.errors;
  exports dev.rszshm.structures.topic;
  exports dev.rszshm.structures.worker;
  exports dev.rszshm.structures.worker.errors;

  uses dev.rszshm.structures.pool.PoolTask;
  uses dev.rszshm.structures.worker.WorkerBody;
}
