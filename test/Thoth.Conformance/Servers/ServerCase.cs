namespace Thoth.Conformance.Servers;

/// <summary>One case for servers.</summary>
/// <param name="Id">Unique.</param>
/// <param name="Section">The section of the contract.</param>
/// <param name="Title">The case in one line.</param>
/// <param name="Tool">The role of its tool, or <see langword="null"/>.</param>
/// <param name="Steps">What is done, in this order.</param>
internal sealed record ServerCase(string Id, string Section, string Title, string? Tool, IReadOnlyList<ServerStep> Steps)
{
    public static ServerCase Read(StrictJson json) => new(
        json.Text("id") ?? throw new ConformanceException("A case has no id."),
        json.Text("section") ?? throw new ConformanceException("A case has no section."),
        json.Text("title") ?? throw new ConformanceException("A case has no title."),
        json.Text("tool"),
        [.. json.Objects("steps").Select(ServerStep.Read)]);

    /// <returns>Why the case cannot be run against the server, or <see langword="null"/>.</returns>
    public string? SkipReason(ServerTarget target)
    {
        var missing = Tool is not null && !target.Tools.ContainsKey(Tool) ? $"--{Tool.Replace('_', '-')}-tool"
            : Steps.Any(step => step.Resolve is not null) && target.Approver is null ? "--approver"
            : Steps.Select(step => CaseKey.MissingOption(step.Key, target)).FirstOrDefault(option => option is not null);
        return missing is null ? null : $"{missing} is not given";
    }
}
