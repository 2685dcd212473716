// The release package: what lies in it, what it says of itself, and what verifying it comes to.

export {
  checkPackage,
  isWhole,
  PACKAGE_CHECKS,
  type PackageCheck,
  type PackageChecked,
  type PackageCheckId,
  type PackageGiven,
  packagedFile,
} from "./check.js";
export {
  type Binaries,
  type BuildFacts,
  type DeploymentManifest,
  formatLine,
  formatSums,
  MANIFEST_SCHEMA,
  makeManifest,
  makeProvenance,
  packageId,
  parseManifest,
  parseProvenance,
  parseSums,
} from "./contents.js";
export { openPackage, PACKAGE_SCHEMA, type PackageBody, type PackageOpened, type PackageStatement, signPackage } from "./envelope.js";
export {
  BINARY_BYTES,
  binaryPath,
  CHANNELS,
  type Channel,
  MANIFEST_FILE,
  PACKAGE_ENTRIES,
  PACKAGE_FILE,
  type PackagedFile,
  type PackageFolder,
  PLATFORMS,
  type Platform,
  PROVENANCE_FILE,
  platformOf,
  REPORT_FILE,
  type RefusedEntry,
  SBOM_FILE,
  SMALL_BYTES,
  SMALL_FILES,
  SUMS_FILE,
  SURFACES,
  type Surface,
} from "./layout.js";
export {
  DEPLOYMENT,
  DEPLOYMENT_SCHEMA,
  type DeploymentGiven,
  type DeploymentRead,
  type DeploymentReport,
  deploymentFindings,
  readDeployment,
} from "./report.js";
export { checkSbom } from "./sbom.js";
