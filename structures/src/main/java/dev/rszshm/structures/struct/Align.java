package dev.rszshm.structures.struct;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Aligns a field to more than its type needs, as {@code _Alignas} does in C. Words that different
 * threads change often lie 128 bytes apart, so that they do not share a cache line.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Align {
  /** Returns a power of two from 1 to 4,096, of which the offset of the field is a multiple. */
  int value();
}
