using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>Looks through a service collection for ways to reach a governed tool that do not lead through its proxy.</summary>
internal sealed class CoverageInspection
{
    private static readonly Assembly s_own = typeof(CoverageInspection).Assembly;

    private readonly CoverageRules _rules;
    private readonly ServiceDescriptor[] _services;
    private readonly GovernedRegistration[] _present;
    private readonly HashSet<ServiceDescriptor> _governed;
    private readonly List<GovernedInterface> _interfaces;

    public CoverageInspection(CoverageRules rules)
    {
        _rules = rules;
        _services = rules.Snapshot();
        var registrations = Array.Find(_services, descriptor => descriptor is { IsKeyedService: false, ImplementationInstance: GovernedServices })
            ?.ImplementationInstance is GovernedServices governed ? [.. governed.Registrations] : Array.Empty<GovernedRegistration>();
        _governed = [.. registrations.Select(registration => registration.Governed)];
        _present = Array.FindAll(registrations, registration => _services.Contains(registration.Governed));

        // An interface stays governed when its registration has been replaced: that is one of the ways around.
        _interfaces =
        [
            .. registrations.Select(registration => registration.Plan.Interface).Distinct()
                .Where(type => rules.CoverageOf(type) != ToolCoverage.Off)
                .OrderBy(rules.CoverageOf)
                .Select(type => new GovernedInterface(type, ImplementationsOf(type))),
        ];
    }

    public CoverageReport Run()
    {
        var findings = _interfaces.Count == 0 ? [] : _services.Where(IsOpenToUsers).Select(FindingAt).OfType<CoverageFinding>()
            .Concat(Consumers().SelectMany(FindingsInConstructors))
            .ToArray();
        return new CoverageReport(
            _present,
            Array.FindAll(findings, finding => finding.AllowedReason is null),
            Array.FindAll(findings, finding => finding.AllowedReason is not null),
            _rules.CoverageOf);
    }

    /// <summary>What was governed, what holds the governed services, and our own services are no ways around.</summary>
    private bool IsOpenToUsers(ServiceDescriptor descriptor) =>
        !_governed.Contains(descriptor) && !IsOwn(descriptor.ServiceType) && !descriptor.IsKeptByScrutor();

    /// <summary>Ours, or made by us from one of ours: nobody else can name or extend those.</summary>
    private static bool IsOwn(Type type)
    {
        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.Assembly == s_own && !ancestor.IsVisible)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The application has decorated a governed registration: Scrutor has put that under a key of its own.</summary>
    private bool IsDecoratedSince(Type tools) =>
        !Array.Exists(_present, registration => registration.Plan.Interface == tools)
        && Array.Exists(_services, descriptor => descriptor.ServiceType == tools && descriptor.IsKeptByScrutor());

    /// <summary>The classes that are known to implement an interface: a factory of a governed one may return any of them.</summary>
    private HashSet<Type> ImplementationsOf(Type tools) =>
    [
        .. _present.Where(registration => registration.Plan.Interface == tools).Select(registration => registration.Original)
            .Concat(_services.Where(IsOpenToUsers))
            .Select(ImplementationInfo.Of)
            .Where(production => production.IsKnown && production.Type.IsOrImplements(tools))
            .Select(production => production.Type),
    ];

    /// <summary>At most one finding for a registration: of the interface itself, else of the one whose findings weigh most.</summary>
    private CoverageFinding? FindingAt(ServiceDescriptor descriptor)
    {
        var production = ImplementationInfo.Of(descriptor);
        var exact = _interfaces.Find(tools => tools.Type == descriptor.ServiceType);
        return exact is not null
            ? FindingAt(descriptor, production, exact)
            : _interfaces.Select(tools => FindingAt(descriptor, production, tools)).FirstOrDefault(finding => finding is not null);
    }

    private CoverageFinding? FindingAt(ServiceDescriptor descriptor, ImplementationInfo production, GovernedInterface tools)
    {
        var service = descriptor.ServiceType;
        if (service == tools.Type)
        {
            return descriptor.IsKeyedService
                ? Finding(CoverageFindingKind.KeyedRegistration, descriptor, tools, CoverageText.KeyedRegistration(descriptor))
                : Finding(CoverageFindingKind.LaterRegistration, descriptor, tools, CoverageText.LaterRegistration(descriptor, IsDecoratedSince(tools.Type)));
        }

        if (service.IsOtherFormOf(tools.Type))
        {
            return descriptor.CanServe(tools.Type)
                ? Finding(CoverageFindingKind.OpenGenericRegistration, descriptor, tools, CoverageText.OpenGenericRegistration(descriptor, tools.Type))
                : null;
        }

        // A collection or function of the interface itself is made of what the container gives, which is governed.
        var reached = TypeRelations.Unwrap(production.Type);
        if ((!reached.IsInterface || reached == production.Type) && reached.IsOrImplements(tools.Type))
        {
            return !TypeRelations.Unwrap(service).IsInterface && TypeRelations.Unwrap(service).IsOrImplements(tools.Type)
                ? Finding(CoverageFindingKind.ConcreteClass, descriptor, tools, CoverageText.ConcreteClass(descriptor, reached, tools.Type), reached)
                : production.ByFactory && !reached.IsInterface
                    ? Finding(CoverageFindingKind.Factory, descriptor, tools, CoverageText.Factory(descriptor, reached, tools.Type))
                    : Finding(
                        CoverageFindingKind.RelatedInterface, descriptor, tools,
                        production.ByFactory ? CoverageText.OpaqueFactory(descriptor, tools.Type) : CoverageText.RelatedInterface(descriptor, tools.Type));
        }

        return !production.IsKnown && tools.MayBeReturnedAs(production.Type)
            ? Finding(CoverageFindingKind.RelatedInterface, descriptor, tools, CoverageText.OpaqueFactory(descriptor, tools.Type))
            : null;
    }

    /// <summary>
    /// The registered classes, also those that are governed or decorated, with the services that they are registered as.
    /// Whoever implements the interface itself decorates it: what it calls has been decided.
    /// </summary>
    private IEnumerable<(Type Class, ServiceDescriptor Descriptor)> Consumers() =>
        _services.Concat(_present.Select(registration => registration.Original))
            .Select(descriptor => (Class: descriptor.GetImplementationType(), Descriptor: descriptor))
            .Where(consumer => consumer.Class is not null && !IsOwn(consumer.Class))
            .DistinctBy(consumer => consumer.Class)!;

    private IEnumerable<CoverageFinding> FindingsInConstructors((Type Class, ServiceDescriptor Descriptor) consumer) =>
        from parameter in ParametersOf(consumer.Class)
        let reached = TypeRelations.Unwrap(parameter)
        where !reached.IsInterface
        let tools = _interfaces.Find(tools => reached.IsOrImplements(tools.Type) && !consumer.Class.IsOrImplements(tools.Type))
        where tools is not null
        select Finding(
            CoverageFindingKind.ConstructorParameter, consumer.Descriptor, tools,
            CoverageText.ConstructorParameter(consumer.Class, parameter, reached, tools.Type), consumer.Class, reached);

    private static IEnumerable<Type> ParametersOf(Type type)
    {
        try
        {
            return type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType).Distinct().ToArray();
        }
        catch (Exception exception) when (exception is TypeLoadException or IOException or BadImageFormatException)
        {
            // A class whose assemblies are not all there cannot be made by the container either.
            return [];
        }
    }

    private CoverageFinding Finding(
        CoverageFindingKind kind, ServiceDescriptor descriptor, GovernedInterface tools, string message, params ReadOnlySpan<Type> others) =>
        new()
        {
            Kind = kind,
            Interface = tools.Type,
            ServiceType = descriptor.ServiceType,
            ServiceKey = descriptor.ServiceKey,
            Message = message,
            AllowedReason = _rules.ReasonFor(descriptor.ServiceType) ?? _rules.ReasonFor(others),
        };

    private sealed record GovernedInterface(Type Type, HashSet<Type> Implementations)
    {
        /// <summary>Whether a factory that declares this interface or abstract class may return a tool.</summary>
        public bool MayBeReturnedAs(Type declared) =>
            !declared.IsNoWayToCall()
            && (Type.IsOrImplements(declared) || Implementations.Any(implementation => declared.IsInterface
                ? implementation.IsOrImplements(declared)
                : implementation.IsSubclassOf(declared)));
    }
}
