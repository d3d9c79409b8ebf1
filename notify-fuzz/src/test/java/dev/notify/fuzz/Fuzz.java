package dev.notify.fuzz;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** A property that is tried with hostile inputs. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
@AddLifecycleHook(Inputs.class)
public @interface Fuzz {

  /** Of a thousand inputs, how many are for this one. */
  int share();
}
