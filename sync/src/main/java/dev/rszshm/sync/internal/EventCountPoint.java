package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import dev.rszshm.sync.EventCount;
import java.util.function.BooleanSupplier;

/** Sleeps until an event count is signalled. */
class EventCountPoint implements WaitPoint {
  private final EventCount event;

  /** What {@link #prepare} has got. */
  int key;

  EventCountPoint(EventCount event) {
    this.event = event;
  }

  @Override
  public Heap heap() {
    return event.heap();
  }

  @Override
  public long offset() {
    return event.offset();
  }

  @Override
  public boolean spin(BooleanSupplier look) {
    return event.spin(look);
  }

  @Override
  public void prepare() {
    key = event.prepare();
  }

  @Override
  public boolean sleep(long nanos) {
    return event.sleep(key, nanos);
  }

  @Override
  public void passOn() {
    event.signalOne();
  }
}
