package dev.rszshm.allocator.internal.lane;

import org.jspecify.annotations.Nullable;

/** Slabs of one owner in the order in which they came; each is in one list at most. */
final class SlabList {
  private final Slab.Place place;
  private @Nullable Slab first;
  private @Nullable Slab last;
  private int size;

  SlabList(Slab.Place place) {
    this.place = place;
  }

  int size() {
    return size;
  }

  @Nullable Slab first() {
    return first;
  }

  void addLast(Slab slab) {
    slab.moveTo(place);
    slab.previous = last;
    slab.next = null;
    if (last == null) {
      first = slab;
    } else {
      last.next = slab;
    }
    last = slab;
    size++;
  }

  void remove(Slab slab) {
    if (slab.previous == null) {
      first = slab.next;
    } else {
      slab.previous.next = slab.next;
    }
    if (slab.next == null) {
      last = slab.previous;
    } else {
      slab.next.previous = slab.previous;
    }
    slab.previous = null;
    slab.next = null;
    slab.moveTo(Slab.Place.NOWHERE);
    size--;
  }

  @Nullable Slab removeFirst() {
    Slab slab = first;
    if (slab != null) {
      remove(slab);
    }
    return slab;
  }
}
