package dev.rszshm.structures.struct;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Gives a struct or a field another name than the record or the component has. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Name {
  /** Returns the name: letters, digits and underscores, as in C. */
  String value();
}
