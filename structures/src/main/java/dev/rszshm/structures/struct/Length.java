package dev.rszshm.structures.struct;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says how long a field is: the number of elements of an array, or the bytes of a text in UTF-8.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Length {
  /** Returns the number, from 1 up. */
  int value();
}
