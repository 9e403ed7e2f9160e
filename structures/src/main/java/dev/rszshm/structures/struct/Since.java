package dev.rszshm.structures.struct;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says in which version of an {@link Extensible} struct a field was added. Fields without it are of
 * version 1. Fields are only ever added at the end.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT})
public @interface Since {
  /** Returns the version, from 2 up. */
  int value();
}
