using System.Text.Json;

namespace Thoth.Conformance.Clients;

/// <summary>One case of the conformance vectors (docs/wire-contract.md, appendix A), and what was found to differ from it.</summary>
internal sealed class Vector
{
    private readonly StrictJson _case;
    private readonly List<string> _mismatches = [];

    public Vector(JsonElement json)
    {
        _case = new StrictJson(json, "");
        Kind = _case.Text("kind") ?? throw new ConformanceException("The case has no kind.");
        Input = _case.Object("input") ?? throw new ConformanceException("The case has no input.");
        Expected = _case.Object("expected") ?? throw new ConformanceException("The case has no expectation.");

        // For people: nothing to interpret.
        foreach (var key in (string[])["id", "title", "source", "basis", "family", "note"])
        {
            _case.Take(key);
        }
    }

    public string Kind { get; }

    public StrictJson Input { get; }

    public StrictJson Expected { get; }

    public void Mismatch(string what) => _mismatches.Add(what);

    public void Check(bool holds, string what)
    {
        if (!holds)
        {
            Mismatch(what);
        }
    }

    public void CheckText(string key, string? actual)
    {
        if (Expected.Text(key) is { } expected)
        {
            Check(expected == actual, $"{key}: expected '{expected}', was '{actual}'");
        }
    }

    public void CheckPart(string key, string? actual)
    {
        if (Expected.Text(key) is { } expected)
        {
            Check(actual?.Contains(expected, StringComparison.Ordinal) == true, $"{key}: expected '{expected}' in '{actual}'");
        }
    }

    /// <summary>The text of an error is for people, so case does not count.</summary>
    public void CheckError(string key, string? actual)
    {
        if (Expected.Text(key) is { } expected)
        {
            Check(actual?.Contains(expected, StringComparison.OrdinalIgnoreCase) == true, $"{key}: expected '{expected}' in '{actual}'");
        }
    }

    public void CheckCount(string key, long actual)
    {
        if (Expected.Count(key) is { } expected)
        {
            Check(expected == actual, $"{key}: expected {expected}, was {actual}");
        }
    }

    public void CheckAtLeast(string key, double actual)
    {
        if (Expected.Number(key) is { } least)
        {
            Check(actual >= least, $"{key}: expected at least {least}, was {actual}");
        }
    }

    public void CheckAtMost(string key, double actual)
    {
        if (Expected.Number(key) is { } most)
        {
            Check(actual <= most, $"{key}: expected at most {most}, was {actual}");
        }
    }

    /// <summary>Everything of the expected JSON is in the actual one.</summary>
    public void CheckSubset(string key, JsonElement? actual) => CheckSubset(Expected, key, actual, "expected");

    public void CheckSubset(StrictJson of, string key, JsonElement? actual, string path)
    {
        if (of.Take(key) is { } expected)
        {
            _mismatches.AddRange(JsonMatch.Subset(expected, actual, $"{path}.{key}"));
        }
    }

    public void CheckEqual(JsonElement expected, JsonElement? actual, string what) =>
        _mismatches.AddRange(JsonMatch.Equal(expected, actual, what));

    /// <summary>Says what differs, and which keys the runner did not understand: a case is never half run.</summary>
    public void Verify()
    {
        var problems = _mismatches.Concat(_case.Unread().Select(path => $"the runner does not know the key {path}")).ToList();
        if (problems.Count > 0)
        {
            throw new ConformanceException(string.Join(Environment.NewLine, problems));
        }
    }
}
