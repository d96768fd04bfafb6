// What may not be written into any store.
#pragma once

namespace exitgate::redact {
class Redactor;
}

namespace exitgate::facts {

// What this process's environment says is secret, known to every collector without being told, and what
// add_secret_url added.
redact::Redactor& secrets();

}  // namespace exitgate::facts
