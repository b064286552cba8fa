namespace Thoth.Interception.Tests.Faults;

/// <summary>
/// Every fault × enforcement mode × fail-open × return type of a member, against what the contract says: the tool runs exactly once
/// or not at all. Each cell is one call.
/// </summary>
public class FaultTests
{
    private static readonly EnforcementMode[] s_modes =
        [EnforcementMode.Observe, EnforcementMode.Block, EnforcementMode.StepUp, EnforcementMode.Progressive];

    private static int s_cells;

    private static IEnumerable<TestCaseData> Cases =>
        from fault in ((IEnumerable<Fault>[])[TransportFaults.All, ResponseFaults.All, StatusFaults.All, HoldFaults.All, CancelFaults.All, HostFaults.All])
            .SelectMany(faults => faults)
        from modes in fault.IsSlow ? [s_modes] : s_modes.Select(mode => new[] { mode })
        select new TestCaseData(fault, modes).SetArgDisplayNames(fault.Name, string.Join(" ", modes));

    [OneTimeTearDown]
    public static async Task CountAsync()
    {
        await StatusFaults.SecondOrigin.DisposeAsync();
        await TestContext.Progress.WriteLineAsync($"Fault matrix: {s_cells} cells");
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Fault_EndsAsTheContractSays(object fault, EnforcementMode[] modes)
    {
        var wrong = await Task.WhenAll(
            from mode in modes
            from failOpen in (bool[])[false, true]
            select WrongAsync((Fault)fault, mode, failOpen));

        Assert.That(wrong.SelectMany(w => w), Is.Empty);
        ((Fault)fault).Afterwards();
    }

    [Test]
    public void Faults_HaveNamesOfTheirOwn() => Assert.That(Cases.Select(c => ((Fault)c.Arguments[0]!).Name + string.Join(' ', (EnforcementMode[])c.Arguments[1]!)), Is.Unique);

    private static async Task<IReadOnlyList<string>> WrongAsync(Fault fault, EnforcementMode mode, bool failOpen)
    {
        List<string> wrong = [];
        await using var host = new FaultHost(fault, mode, failOpen);
        foreach (var response in fault.ResponsesIn(mode))
        {
            host.Server.OnEnforce = response;
            var asked = host.Server.Enforces;
            var cells = await Task.WhenAll(FaultTools.ReturnTypes.Select(async returnType =>
            {
                var result = await host.CallAsync(returnType);
                return result.Wrong(fault, mode, failOpen, returnType) is { } text ? $"{response} / {mode} / fail-open {failOpen} / {returnType}: {text}" : null;
            }));
            Interlocked.Add(ref s_cells, cells.Length);
            wrong.AddRange(cells.OfType<string>());
            asked = host.Server.Enforces - asked;
            if (asked > (mode == EnforcementMode.Observe ? 0 : cells.Length))
            {
                wrong.Add($"{response} / {mode} / fail-open {failOpen}: asked {asked} times for {cells.Length} calls");
            }
        }

        if (await host.EventsAsync() is { } events)
        {
            wrong.Add(events);
        }

        return wrong;
    }
}
