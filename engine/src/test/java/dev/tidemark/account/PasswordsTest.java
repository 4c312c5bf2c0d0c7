package dev.tidemark.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.base.Secret;
import dev.tidemark.base.TidemarkException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PasswordsTest {
    private final Passwords passwords = new Passwords(new Random(3), 2);

    @Test
    void knowsAPasswordByItsHashAndNoOther() {
        Secret hash = passwords.hash("correct horse battery");
        assertThat(hash.reveal()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("horse");
        assertThat(passwords.matches(hash, "correct horse battery")).isTrue();
        assertThat(passwords.matches(hash, "correct horse batterx")).isFalse();
        assertThat(passwords.matches(null, "a password that nobody has")).isFalse();
        assertThat(passwords.matches(new Secret("not a hash"), "")).isFalse();
        assertThat(passwords.hash("correct horse battery")).isNotEqualTo(hash);
    }

    @Test
    void agreesWithTheReferenceImplementation() {
        Secret reference =
                new Secret("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
        assertThat(passwords.matches(reference, "password")).isTrue();
        assertThat(passwords.matches(reference, "passwore")).isFalse();
        assertThat(passwords.matches(
                        new Secret(
                                "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxNmJ5dGVzIQ$tPXA8KRaMxUDqoVFOkz5qceiysamiMSLxBrcC5sAtmo"),
                        "password"))
                .isTrue();
    }

    @Test
    void takesNoPasswordThatIsEasyToGuess() {
        for (String bad : List.of("", "short", "aaaaaaaaaaaaaaaa", "x".repeat(201))) {
            assertThatThrownBy(() -> Passwords.checked(bad, "password"))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.field()).contains("password"));
        }
        assertThat(Passwords.checked("correct horse", "password")).isEqualTo("correct horse");
    }
}
