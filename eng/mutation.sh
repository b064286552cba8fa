#!/usr/bin/env bash
# Mutation testing of the folders that decide whether a tool runs. Takes hours on two cores, so the gate does not run it: docs/testing.md.
# ./eng/mutation.sh                     everything in stryker-config.json
# ./eng/mutation.sh 'StepUp/**/*.cs'    some of it
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore
cd src/Thoth.Interception
dotnet stryker --config-file ../../eng/stryker-config.json --output ../../StrykerOutput ${1:+--mutate "$1"} "${@:2}"
