# Sourced by ./check and ./demo: finds or installs what they need, and says exactly what is missing.
#
# Sets JAVA_HOME and PATH (a JDK 25), and distro (the test distribution's directory).
# shellcheck shell=bash

# Prints what is wrong, and what to do, and ends.
give_up() {
  printf '%s\n' "$@" >&2
  exit 1
}

# The Debian packages that the test distribution, the judges and their surroundings come from.
needed_packages() {
  sed 's/#.*//' testing/distro/apt-packages testing/apt-packages | xargs -n 1
  sed 's/#.*//' testing/judges | awk 'NF { print $2 }'
}

install_packages() {
  local missing
  # what dpkg does not know goes to its standard error
  missing=$(comm -23 <(needed_packages | sort -u) \
    <(needed_packages | xargs dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' 2> /dev/null |
      sed -n 's/^installed //p' | sort -u) | xargs)
  [ -z "$missing" ] && return
  local command="apt-get install --yes --no-install-recommends $missing"
  [ "$(id -u)" = 0 ] || give_up "Debian packages are missing. Run as root:" "  $command"
  echo "installing $missing"
  apt-get update --quiet
  DEBIAN_FRONTEND=noninteractive $command < /dev/null
}

is_java_25() {
  [ -x "$1/bin/javac" ] && [[ $("$1/bin/javac" -version 2>&1) =~ ^javac\ (2[5-9]|[3-9][0-9]) ]]
}

find_java() {
  local candidate
  for candidate in "${JAVA_HOME:-/nowhere}" /usr/lib/jvm/*25* \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /nowhere/no/javac)")")")"; do
    if is_java_25 "$candidate"; then
      export JAVA_HOME=$candidate PATH=$candidate/bin:$PATH
      return
    fi
  done
  give_up "No JDK 25 was found, neither by JAVA_HOME nor in /usr/lib/jvm or PATH." \
    "Install one, https://adoptium.net has it for Debian, or set JAVA_HOME to its directory."
}

install_packages
find_java
command -v mvn > /dev/null || give_up "Maven is missing. Run as root:" "  apt-get install --yes maven"
distro=$(testing/distro/make)
